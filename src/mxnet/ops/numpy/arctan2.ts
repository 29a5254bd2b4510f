import {
  addScalar,
  compare,
  div,
  logic,
  max,
  min,
  mulScalar,
  scalar,
  unary,
  where,
} from "../../emit/emit.ts";

import type { Value } from "../../onnx/value.ts";

/** Whether a value is below 0, or −0. */
function isNegative(x: Value): Value {
  const below = compare("Less", x, scalar(x, 0));
  const inverse = unary("Reciprocal", x);
  return logic("Or", below, compare("Less", inverse, scalar(x, 0)));
}

/** Returns the angle of the point (x, y), −π to π. */
export function arctan2(y: Value, x: Value): Value {
  const [up, right] = [unary("Abs", y), unary("Abs", x)];
  const [large, small] = [max(up, right), min(up, right)];
  const isZero = compare("Equal", large, scalar(large, 0));
  const isDiagonal = compare("Equal", small, large);
  const ratio = where(isDiagonal, scalar(large, 1), div(small, large));
  const eighth = unary("Atan", where(isZero, large, ratio));
  const quarter = where(
    compare("Greater", up, right),
    addScalar(mulScalar(eighth, -1), Math.PI / 2),
    eighth,
  );
  const half = where(
    isNegative(x),
    addScalar(mulScalar(quarter, -1), Math.PI),
    quarter,
  );
  return where(isNegative(y), mulScalar(half, -1), half);
}
