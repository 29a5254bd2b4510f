import {
  add,
  asIndices,
  cast,
  concat,
  div,
  mulScalar,
  pickIndex,
  scalar,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { PAIRWISE } from "../elementwise/pairwise.ts";
import { input, type OperatorCall } from "../operator.ts";

/** How far apart elements along each axis lie. */
function stridesOf({ attributes }: OperatorCall): readonly number[] {
  const shape = attributes.requiredInts("shape");
  return shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, extent) => product * extent, 1)
  );
}

/** Returns positions in a row as one row of indices per axis. */
export function unravel(call: OperatorCall): Value {
  const data = input(call, 0);
  const shape = call.attributes.requiredInts("shape");
  const places = asIndices(data);
  const rows = stridesOf(call).map((stride, axis) => {
    const whole = div(places, scalar(places, stride));
    const inside = axis === 0
      ? whole
      : PAIRWISE.mod(whole, scalar(whole, shape[axis]!));
    return unsqueeze(inside, [0]);
  });
  return cast(concat(rows, 0), data.type);
}

/** Returns one row of indices per axis as positions in a row. */
export function ravel(call: OperatorCall): Value {
  const data = input(call, 0);
  const places = asIndices(data);
  const terms = stridesOf(call).map((stride, axis) =>
    mulScalar(pickIndex(places, 0, axis), stride)
  );
  return cast(terms.reduce(add), data.type);
}
