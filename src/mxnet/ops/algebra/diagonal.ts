import {
  concat,
  constantOf,
  filled,
  gather,
  reshape,
  transpose,
} from "../../emit/emit.ts";
import { ConversionError } from "../../conversion_error.ts";
import { axisOf, fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";

/** `diag`: a diagonal of a matrix, or the matrix with a diagonal. */
export function diagonal(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const offset = attributes.int("k", 0);
  if (data.rank === 1) return matrixWith(data, offset);
  const first = axisOf(attributes.int("axis1", 0), data.rank);
  const second = axisOf(attributes.int("axis2", 1), data.rank);
  const order = data.dims.map((_, axis) => axis)
    .filter((axis) => axis !== first && axis !== second);
  return diagonalOf(transpose(data, [...order, first, second]), offset);
}

/** Returns a diagonal of the last two axes. */
export function diagonalOf(x: Value, offset: number): Value {
  const rows = fixedDim(x.dims.at(-2)!, "the number of rows");
  const columns = fixedDim(x.dims.at(-1)!, "the number of columns");
  const row = Math.max(0, -offset);
  const column = Math.max(0, offset);
  const count = Math.min(rows - row, columns - column);
  if (count <= 0) {
    throw new ConversionError(`diagonal ${offset} lies outside the matrix`);
  }
  const numbers = Array.from(
    { length: count },
    (_, i) => (row + i) * columns + column + i,
  );
  const flat = reshape(x, [...x.dims.slice(0, -2), rows * columns]);
  return gather(flat, flat.rank - 1, indices(x, numbers));
}

/** Returns matrices, zero but for a diagonal, which is the last axis of `x`. */
export function matrixWith(x: Value, offset: number): Value {
  const count = fixedDim(x.dims.at(-1)!, "the length of the diagonal");
  const size = count + Math.abs(offset);
  const numbers = Array.from({ length: size * size }, (_, i) => {
    const row = Math.floor(i / size);
    const at = row - Math.max(0, -offset);
    return i % size - row === offset ? at : count;
  });
  const head = x.dims.slice(0, -1);
  const zero = filled(x.graph, { type: x.type, dims: [...head, 1], number: 0 });
  const withZero = concat([x, zero], x.rank - 1);
  const cells = gather(withZero, x.rank - 1, indices(x, numbers));
  return reshape(cells, [...head, size, size]);
}

function indices(x: Value, numbers: readonly number[]): Value {
  const shape = [numbers.length];
  return constantOf(x.graph, { type: "int64", shape, numbers });
}
