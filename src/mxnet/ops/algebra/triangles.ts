import { ConversionError } from "../../conversion_error.ts";
import { concat, filled, gather, int64s, reshape } from "../../emit/emit.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import type { Attributes } from "../../symbol/attributes.ts";
import { input, type OperatorCall } from "../operator.ts";

/** The places of a triangle in a matrix, in the order they are stored. */
function placesIn(
  attributes: Attributes,
  size: number,
): readonly (readonly [number, number])[] {
  const offset = attributes.int("offset", 0);
  const isLower = offset === 0 ? attributes.bool("lower", true) : offset < 0;
  const places = Array.from(
    { length: size },
    (_, row) =>
      Array.from({ length: size }, (_, column) => [row, column] as const)
        .filter(([, column]) => column <= row - Math.abs(offset)),
  );
  return places.flat().map(([row, column]) =>
    isLower ? [row, column] : [column, row]
  );
}

/** `_linalg_extracttrian`: a triangle of matrices as a row. */
export function extractTriangle(call: OperatorCall): Value {
  const x = input(call, 0);
  const size = fixedDim(x.dims.at(-1)!, "the size of the matrices");
  const places = placesIn(call.attributes, size);
  const head = x.dims.slice(0, -2);
  if (x.rank < 2 || places.length === 0) {
    throw new ConversionError("there is no such triangle");
  }
  const flat = reshape(x, [...head, size * size]);
  const numbers = places.map(([row, column]) => row * size + column);
  return gather(flat, head.length, int64s(x.graph, numbers));
}

const MAX_SIZE = 2048;

/** `_linalg_maketrian`: matrices, zero but for a triangle that was a row. */
export function makeTriangle(call: OperatorCall): Value {
  const x = input(call, 0);
  const count = fixedDim(x.dims.at(-1)!, "the length of the triangle");
  const side = Math.round((Math.sqrt(8 * count + 1) - 1) / 2);
  const size = side + Math.abs(call.attributes.int("offset", 0));
  if (side * (side + 1) !== 2 * count || size > MAX_SIZE) {
    throw new ConversionError(`${count} numbers are no triangle`);
  }
  const cells = new Array<number>(size * size).fill(count);
  for (
    const [i, [row, column]] of placesIn(call.attributes, size).entries()
  ) {
    cells[row * size + column] = i;
  }
  const head = x.dims.slice(0, -1);
  const zero = filled(x.graph, { type: x.type, dims: [...head, 1], number: 0 });
  const stored = concat([x, zero], head.length);
  const spread = gather(stored, head.length, int64s(x.graph, cells));
  return reshape(spread, [...head, size, size]);
}
