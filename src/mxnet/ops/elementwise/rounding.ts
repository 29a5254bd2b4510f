import {
  addScalar,
  compare,
  mul,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import type { Value } from "../../onnx/value.ts";

/** Up or down to a whole number. */
export function whole(operator: "Ceil" | "Floor", x: Value): Value {
  return isFloat(x.type) ? unary(operator, x) : x;
}

/** Toward zero. */
export function truncate(x: Value): Value {
  return mul(unary("Sign", x), whole("Floor", unary("Abs", x)));
}

/** To the nearest whole number, halves away from zero. */
export function roundAway(x: Value): Value {
  if (!isFloat(x.type)) return x;
  const size = unary("Abs", x);
  const below = unary("Floor", size);
  const up = compare("GreaterOrEqual", sub(size, below), scalar(x, 0.5));
  return mul(unary("Sign", x), where(up, addScalar(below, 1), below));
}

/** To the nearest whole number, halves down. */
export function roundDown(x: Value): Value {
  if (!isFloat(x.type)) return x;
  const below = unary("Floor", x);
  const up = compare("Greater", sub(x, below), scalar(x, 0.5));
  return where(up, addScalar(below, 1), below);
}
