import {
  add,
  addScalar,
  compare,
  div,
  mul,
  mulScalar,
  pow,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { standardGamma } from "./gamma_draws.ts";
import { poisson } from "./poisson_draws.ts";
import {
  type Distribution,
  standardExponential,
  standardUniform,
} from "./random_sources.ts";

/** Distributions that take more than one draw, by their operators' names. */
export const COMPOSED = {
  gamma: {
    attributes: { alpha: 1, beta: 1 },
    draw: (dims, [shape, scale]) =>
      mul(standardGamma(shape!.graph, dims, shape!), scale!),
  },
  poisson: {
    attributes: { lam: 1 },
    draw: (dims, [mean]) => poisson(mean!.graph, dims, mean!),
  },
  negative_binomial: {
    attributes: { k: 1, p: 1 },
    draw: (dims, [limit, chance]) => {
      const { graph } = limit!;
      const odds = div(sub(scalar(chance!, 1), chance!), chance!);
      const mean = mul(standardGamma(graph, dims, limit!), odds);
      return poisson(graph, dims, mean);
    },
  },
  generalized_negative_binomial: {
    attributes: { mu: 1, alpha: 1 },
    draw: (dims, [mean, dispersion]) => {
      const { graph } = mean!;
      const none = compare("Equal", dispersion!, scalar(dispersion!, 0));
      const some = where(none, scalar(dispersion!, 1), dispersion!);
      const shape = unary("Reciprocal", some);
      const varied = mul(
        standardGamma(graph, dims, shape),
        mul(some, mean!),
      );
      return poisson(graph, dims, where(none, mean!, varied));
    },
  },
} as const satisfies Readonly<Record<string, Distribution>>;

const fromWait = (
  draw: (wait: Value, parameter: Value) => Value,
): Distribution["draw"] =>
(dims, [parameter]) =>
  draw(standardExponential(parameter!.graph, dims), parameter!);

/** What only numpy mode has, by one uniform draw. */
export const NUMPY_DISTRIBUTIONS = {
  exponential: {
    attributes: { scale: 1 },
    draw: fromWait((wait, scale) => mul(wait, scale)),
  },
  gamma: {
    attributes: { shape: 1, scale: 1 },
    draw: COMPOSED.gamma.draw,
  },
  gumbel: {
    attributes: { loc: 0, scale: 1 },
    draw: (dims, [place, scale]) => {
      const wait = standardExponential(place!.graph, dims);
      return sub(place!, mul(scale!, unary("Log", wait)));
    },
  },
  logistic: {
    attributes: { loc: 0, scale: 1 },
    draw: (dims, [place, scale]) => {
      const share = standardUniform(place!.graph, dims);
      const odds = div(share, sub(scalar(share, 1), share));
      return add(place!, mul(scale!, unary("Log", odds)));
    },
  },
  pareto: {
    attributes: { a: 1 },
    draw: fromWait((wait, a) => addScalar(unary("Exp", div(wait, a)), -1)),
  },
  rayleigh: {
    attributes: { scale: 1 },
    draw: fromWait((wait, scale) =>
      mul(scale, unary("Sqrt", mulScalar(wait, 2)))
    ),
  },
  weibull: {
    attributes: { a: 1 },
    draw: fromWait((wait, a) => pow(wait, unary("Reciprocal", a))),
  },
  powerd: {
    attributes: { a: 1 },
    draw: fromWait((wait, a) => unary("Exp", unary("Neg", div(wait, a)))),
  },
} as const satisfies Readonly<Record<string, Distribution>>;
