import {
  addScalar,
  cast,
  clip,
  compare,
  div,
  extentScalar,
  filled,
  mul,
  mulScalar,
  not,
  pow,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";
import { roundAway, roundDown, truncate, whole } from "./rounding.ts";
import { erfinv, gamma, logGamma } from "./special_functions.ts";

/** ONNX operators that are MXNet's under another name. */
const SAME: Readonly<Record<string, string>> = {
  abs: "Abs",
  exp: "Exp",
  log: "Log",
  sqrt: "Sqrt",
  reciprocal: "Reciprocal",
  negative: "Neg",
  sin: "Sin",
  cos: "Cos",
  tan: "Tan",
  arcsin: "Asin",
  arccos: "Acos",
  arctan: "Atan",
  sinh: "Sinh",
  cosh: "Cosh",
  tanh: "Tanh",
  arcsinh: "Asinh",
  arccosh: "Acosh",
  arctanh: "Atanh",
  erf: "Erf",
};

const MADE: Readonly<Record<string, (x: Value) => Value>> = {
  square: (x) => mul(x, x),
  rsqrt: inFloats((x) => unary("Reciprocal", unary("Sqrt", x))),
  cbrt: cubeRoot,
  rcbrt: inFloats((x) => unary("Reciprocal", cubeRoot(x))),
  log2: inFloats((x) => mulScalar(unary("Log", x), Math.LOG2E)),
  log10: inFloats((x) => mulScalar(unary("Log", x), Math.LOG10E)),
  log1p: (x) => precisely(x, (wide) => unary("Log", addScalar(wide, 1))),
  expm1: (x) => precisely(x, (wide) => addScalar(unary("Exp", wide), -1)),
  degrees: inFloats((x) => mulScalar(x, 180 / Math.PI)),
  radians: inFloats((x) => mulScalar(x, Math.PI / 180)),
  ceil: (x) => whole("Ceil", x),
  floor: (x) => whole("Floor", x),
  trunc: truncate,
  fix: truncate,
  round: roundAway,
  rint: roundDown,
  erfinv: inFloats(erfinv),
  gamma: (x) => precisely(x, gamma),
  gammaln: (x) => precisely(x, logGamma),
  logical_not: (x) => cast(not(x), x.type),
  _contrib_round_ste: roundAway,
  sign,
  _contrib_sign_ste: sign,
};

/** Functions of one value, element by element. */
export const unaries: OperatorFamily = {
  title: "Functions of one value",
  operators: {
    ...mapValues(SAME, (operator) => (call) => unary(operator, input(call, 0))),
    ...mapValues(MADE, (make) => (call) => make(input(call, 0))),
    clip: limited,
    _contrib_quadratic: quadratic,
    zeros_like: (call) => filledLike(input(call, 0), 0),
    ones_like: (call) => filledLike(input(call, 0), 1),
    smooth_l1: (call) => {
      const sigma = call.attributes.float("scalar", 1);
      return inFloats((x) => smoothL1(x, sigma))(input(call, 0));
    },
    _contrib_div_sqrt_dim: (call) => {
      const x = input(call, 0);
      const extent = cast(extentScalar(x, x.rank - 1), x.type);
      return div(x, unary("Sqrt", extent));
    },
  },
};

/**
 * The upper limit wins over the lower one; whole numbers are compared with the
 * limits' fractions, and become a limit without its fraction.
 */
function limited(call: OperatorCall): Value {
  const { attributes } = call;
  const x = input(call, 0);
  const low = attributes.requiredFloat("a_min");
  const high = attributes.requiredFloat("a_max");
  if (isFloat(x.type) && low <= high) return clip(x, low, high);
  const wide = isFloat(x.type) ? x : cast(x, "float64");
  const isLow = compare("Less", wide, scalar(wide, low));
  const isHigh = compare("Greater", wide, scalar(wide, high));
  return where(isHigh, scalar(x, high), where(isLow, scalar(x, low), x));
}

/** ax² + bx + c */
function quadratic(call: OperatorCall): Value {
  const [a, b, c] = ["a", "b", "c"].map((name) =>
    call.attributes.float(name, 0)
  ) as [number, number, number];
  const compute = (x: Value) =>
    addScalar(mul(addScalar(mulScalar(x, a), b), x), c);
  return inFloats(compute)(input(call, 0));
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  make: (value: T) => OperatorFunction,
): Readonly<Record<string, OperatorFunction>> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, make(value)]),
  );
}

/** Computes in float64, where float32 would lose digits. */
function precisely(x: Value, compute: (wide: Value) => Value): Value {
  const wide = compute(cast(x, "float64"));
  // float32 first, so that what is all but whole is not cut off.
  return cast(isFloat(x.type) ? wide : cast(wide, "float32"), x.type);
}

/** Computes with fractions, be the result whole or not. */
function inFloats(compute: (x: Value) => Value): (x: Value) => Value {
  return (x) => isFloat(x.type) ? compute(x) : precisely(x, compute);
}

function filledLike(x: Value, number: number): Value {
  return filled(x.graph, { type: x.type, dims: x.dims, number });
}

/** −1, 0 or 1; of NaN 0. */
function sign(x: Value): Value {
  if (!isFloat(x.type)) return unary("Sign", x);
  const zero = scalar(x, 0);
  const isNegative = compare("Less", x, zero);
  const isPositive = compare("Greater", x, zero);
  return sub(cast(isPositive, x.type), cast(isNegative, x.type));
}

/** The real cube root, of either sign. */
function cubeRoot(x: Value): Value {
  return precisely(x, (wide) => {
    const root = pow(unary("Abs", wide), scalar(wide, 1 / 3));
    return mul(unary("Sign", wide), root);
  });
}

/** (σx)² / 2 where |x| < 1 / σ², |x| − 1 / (2σ²) elsewhere. */
export function smoothL1(x: Value, sigma: number): Value {
  const square = sigma * sigma;
  const size = unary("Abs", x);
  const inside = compare("Less", size, scalar(x, 1 / square));
  return where(
    inside,
    mulScalar(mul(x, x), 0.5 * square),
    addScalar(size, -0.5 / square),
  );
}
