import {
  add,
  apply,
  binary,
  broadcastDims,
  cast,
  compare,
  computedType,
  logic,
  max,
  min,
  mul,
  not,
  pow,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import type { Value } from "../../onnx/value.ts";
import type { OperatorCall } from "../operator.ts";

/** Makes one value of two, element by element. */
export type Pairwise = (a: Value, b: Value) => Value;

/** What MXNet makes of two elements, under the name its operators share. */
export const PAIRWISE = {
  add,
  sub,
  mul,
  div: quotient,
  mod: modulo,
  power: pow,
  maximum: max,
  minimum: min,
  hypot,
  equal: (a, b) => asNumbers(compare("Equal", a, b), a),
  not_equal: (a, b) => asNumbers(not(compare("Equal", a, b)), a),
  greater: (a, b) => asNumbers(compare("Greater", a, b), a),
  greater_equal: (a, b) => asNumbers(compare("GreaterOrEqual", a, b), a),
  lesser: (a, b) => asNumbers(compare("Less", a, b), a),
  lesser_equal: (a, b) => asNumbers(compare("LessOrEqual", a, b), a),
  logical_and: (a, b) => asNumbers(logic("And", a, b), a),
  logical_or: (a, b) => asNumbers(logic("Or", a, b), a),
  logical_xor: (a, b) => asNumbers(logic("Xor", a, b), a),
} as const satisfies Readonly<Record<string, Pairwise>>;

/** MXNet's truth values are 0 and 1 in the type of the operands. */
function asNumbers(truth: Value, like: Value): Value {
  return cast(truth, like.type);
}

/** Whole numbers truncate; a divisor of 0, which ends a process, gives 0. */
function quotient(a: Value, b: Value): Value {
  if (isFloat(a.type)) return binary("Div", a, b);
  const zero = scalar(b, 0);
  const isZero = compare("Equal", b, zero);
  const safe = where(isZero, scalar(b, 1), b);
  return where(isZero, zero, binary("Div", a, safe));
}

/** The remainder with the sign of the divisor; x mod 0 is 0. */
function modulo(a: Value, b: Value): Value {
  const zero = scalar(b, 0);
  const isZero = compare("Equal", b, zero);
  if (!isFloat(a.type)) {
    const safe = where(isZero, scalar(b, 1), b);
    return where(isZero, zero, remainder(a, safe));
  }
  const rest = remainder(a, b);
  const signsDiffer = compare(
    "Less",
    mul(unary("Sign", rest), unary("Sign", b)),
    zero,
  );
  return where(isZero, zero, where(signsDiffer, add(rest, b), rest));
}

function remainder(a: Value, b: Value): Value {
  const type = computedType("Mod", a.type);
  return cast(
    apply("Mod", [cast(a, type), cast(b, type)], {
      dims: broadcastDims(a.dims, b.dims),
      attributes: { fmod: { int: isFloat(type) ? 1 : 0 } },
    }),
    a.type,
  );
}

/** √(a² + b²), scaled so that squares of large numbers do not overflow. */
function hypot(a: Value, b: Value): Value {
  if (!isFloat(a.type)) {
    return cast(hypot(cast(a, "float64"), cast(b, "float64")), a.type);
  }
  const [left, right] = [unary("Abs", a), unary("Abs", b)];
  const large = max(left, right);
  const isZero = compare("Equal", large, scalar(large, 0));
  const ratio = where(
    isZero,
    scalar(large, 0),
    binary("Div", min(left, right), large),
  );
  const root = unary("Sqrt", add(mul(ratio, ratio), scalar(ratio, 1)));
  return mul(large, root);
}

/** The difference of the operands in the other order, and so on. */
export function reversed(pairwise: Pairwise): Pairwise {
  return (a, b) => pairwise(b, a);
}

/** Returns whole numbers as float64 where the number they meet is none. */
export function withFraction({ attributes }: OperatorCall, x: Value): Value {
  const isWhole = attributes.bool("is_int", true) || isFloat(x.type);
  return isWhole ? x : cast(x, "float64");
}
