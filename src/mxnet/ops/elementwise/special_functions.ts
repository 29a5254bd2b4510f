import {
  add,
  addScalar,
  compare,
  div,
  mul,
  mulScalar,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";

/** Returns c₀ + c₁x + c₂x² + … */
function polynomial(x: Value, coefficients: readonly number[]): Value {
  return coefficients.toReversed().slice(1).reduce(
    (sum, coefficient) => addScalar(mul(sum, x), coefficient),
    addScalar(mulScalar(x, 0), coefficients.at(-1)!),
  );
}

// M. Giles, "Approximating the erfinv function", 2010, table 5, lowest first
const CENTRAL = [
  1.50140941,
  0.246640727,
  -0.00417768164,
  -0.00125372503,
  0.000218580870,
  -4.39150654e-06,
  -3.5233877e-06,
  3.43273939e-07,
  2.81022636e-08,
];
const TAILS = [
  2.83297682,
  1.00167406,
  0.00943887047,
  -0.0076224613,
  0.00573950773,
  -0.00367342844,
  0.00134934322,
  0.000100950558,
  -0.000200214257,
];

/** The inverse of the error function; ±∞ at ±1, NaN beyond. */
export function erfinv(x: Value): Value {
  const one = scalar(x, 1);
  const w = unary("Neg", unary("Log", mul(sub(one, x), add(one, x))));
  const central = polynomial(addScalar(w, -2.5), CENTRAL);
  const tails = polynomial(addScalar(unary("Sqrt", w), -3), TAILS);
  const isCentral = compare("Less", w, scalar(x, 5));
  const finite = mul(where(isCentral, central, tails), x);
  const isOne = compare("Equal", unary("Abs", x), one);
  const infinite = mul(unary("Sign", x), scalar(x, Number.POSITIVE_INFINITY));
  return where(isOne, infinite, finite);
}

const SHIFT = 8;
// Abramowitz & Stegun 6.1.41: Bernoulli terms of Stirling's series in 1/x²
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
];

/** ln Γ(x) for x ≥ ½, float64: Stirling's series at x + 8. */
function logGammaRight(x: Value): Value {
  const far = addScalar(x, SHIFT);
  const inverse = unary("Reciprocal", far);
  const series = mul(polynomial(mul(inverse, inverse), STIRLING), inverse);
  const main = sub(
    mul(addScalar(far, -0.5), unary("Log", far)),
    addScalar(far, -0.5 * Math.log(2 * Math.PI)),
  );
  let product = x;
  for (let i = 1; i < SHIFT; i++) product = mul(product, addScalar(x, i));
  return sub(add(main, series), unary("Log", product));
}

/** Where Euler's reflection takes over, and the argument it gives. */
function reflect(x: Value): { readonly left: Value; readonly right: Value } {
  const left = compare("Less", x, scalar(x, 0.5));
  return { left, right: where(left, sub(scalar(x, 1), x), x) };
}

function sineOfPi(x: Value): Value {
  const turn = sub(x, mulScalar(unary("Floor", mulScalar(x, 0.5)), 2));
  const exact = compare("Equal", unary("Floor", x), x);
  return where(exact, scalar(x, 0), unary("Sin", mulScalar(turn, Math.PI)));
}

/** ln |Γ(x)|, float64; ∞ at either infinity. */
export function logGamma(x: Value): Value {
  const { left, right } = reflect(x);
  const value = logGammaRight(right);
  const sine = unary("Log", unary("Abs", sineOfPi(x)));
  const reflected = sub(
    addScalar(unary("Neg", sine), Math.log(Math.PI)),
    value,
  );
  const infinite = scalar(x, Number.POSITIVE_INFINITY);
  const isInfinite = compare("Equal", unary("Abs", x), infinite);
  return where(isInfinite, infinite, where(left, reflected, value));
}

/** Γ(x), float64; ±∞ at ±0, ∞ at ∞, NaN at negative whole numbers. */
export function gamma(x: Value): Value {
  const { left, right } = reflect(x);
  const value = unary("Exp", logGammaRight(right));
  const sine = sineOfPi(x);
  const reflected = div(scalar(x, Math.PI), mul(sine, value));
  const pole = compare("Equal", sine, scalar(x, 0));
  const atZero = compare("Equal", x, scalar(x, 0));
  const poles = where(atZero, unary("Reciprocal", x), scalar(x, Number.NaN));
  const finite = where(left, where(pole, poles, reflected), value);
  const infinite = scalar(x, Number.POSITIVE_INFINITY);
  return where(compare("Equal", x, infinite), infinite, finite);
}
