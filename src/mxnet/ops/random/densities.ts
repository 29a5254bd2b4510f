import {
  add,
  addScalar,
  cast,
  div,
  mul,
  mulScalar,
  reduce,
  scalar,
  sub,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { logGamma } from "../elementwise/special_functions.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";

/** How likely samples are. */
export const densities: OperatorFamily = {
  title: "Probability densities",
  operators: named({
    uniform: density(uniform),
    normal: density(normal),
    gamma: density(gamma),
    exponential: density(exponential),
    poisson: density(poisson),
    negative_binomial: density(negativeBinomial),
    generalized_negative_binomial: density(generalizedNegativeBinomial),
    dirichlet,
  }),
};

function named(
  functions: Readonly<Record<string, OperatorFunction>>,
): OperatorFamily["operators"] {
  return Object.fromEntries(
    Object.entries(functions).map(([name, convert]) => [
      `_random_pdf_${name}`,
      { convert, aliases: [`random_pdf_${name}`] },
    ]),
  );
}

/** The logarithm of a density of samples, given one or two parameters. */
type LogDensity = (x: Value, a: Value, b: Value) => Value;

/** Each parameter is that of a row of samples; both are float64. */
function density(formula: LogDensity): OperatorFunction {
  return (call) => {
    const given = input(call, 0);
    const x = cast(given, "float64");
    const [a, b = a] = call.inputs.slice(1).map((parameter) => {
      const wide = cast(parameter, "float64");
      const missing = Math.max(0, x.rank - wide.rank);
      return unsqueeze(
        wide,
        Array.from({ length: missing }, (_, i) => wide.rank + i),
      );
    });
    return finished(call, formula(x, a ?? input(call, 1), b ?? x));
  };
}

function finished(call: OperatorCall, logarithm: Value): Value {
  const isLog = call.attributes.bool("is_log", false);
  const result = isLog ? logarithm : unary("Exp", logarithm);
  return cast(result, input(call, 0).type);
}

const log = (x: Value) => unary("Log", x);

/** MXNet does not look whether a sample is between the two. */
function uniform(x: Value, low: Value, high: Value): Value {
  return add(mulScalar(x, 0), unary("Neg", log(sub(high, low))));
}

function normal(x: Value, mean: Value, deviation: Value): Value {
  const distance = div(sub(x, mean), deviation);
  const scale = addScalar(log(deviation), 0.5 * Math.log(2 * Math.PI));
  return sub(mulScalar(mul(distance, distance), -0.5), scale);
}

/** Of shape α and rate β. */
function gamma(x: Value, shape: Value, rate: Value): Value {
  const constant = sub(mul(shape, log(rate)), logGamma(shape));
  const power = mul(addScalar(shape, -1), log(x));
  return sub(add(constant, power), mul(rate, x));
}

function exponential(x: Value, rate: Value): Value {
  return sub(log(rate), mul(rate, x));
}

function poisson(x: Value, mean: Value): Value {
  return sub(sub(mul(x, log(mean)), mean), logGamma(addScalar(x, 1)));
}

/** Failures before `limit` successes of a probability. */
function negativeBinomial(x: Value, limit: Value, chance: Value): Value {
  const ways = sub(
    sub(logGamma(add(x, limit)), logGamma(addScalar(x, 1))),
    logGamma(limit),
  );
  const missed = mul(x, log(sub(scalar(chance, 1), chance)));
  return add(add(ways, mul(limit, log(chance))), missed);
}

/** By its mean and dispersion. */
function generalizedNegativeBinomial(
  x: Value,
  mean: Value,
  dispersion: Value,
): Value {
  const chance = unary("Reciprocal", addScalar(mul(mean, dispersion), 1));
  return negativeBinomial(x, unary("Reciprocal", dispersion), chance);
}

/** Of shares along the last axis. */
function dirichlet(call: OperatorCall): Value {
  const x = cast(input(call, 0), "float64");
  const given = cast(input(call, 1), "float64");
  const between = Array.from(
    { length: Math.max(0, x.rank - given.rank) },
    (_, i) => given.rank - 1 + i,
  );
  const alpha = unsqueeze(given, between);
  const total = (value: Value) =>
    reduce("ReduceSum", value, { axes: [value.rank - 1], keep: false });
  const powers = total(mul(addScalar(alpha, -1), log(x)));
  const constant = sub(logGamma(total(alpha)), total(logGamma(alpha)));
  return finished(call, add(constant, powers));
}
