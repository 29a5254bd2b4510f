/**
 * Random numbers, by parameters that leave them no choice, and densities.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  extents,
  map,
  type NaiveArray,
  range,
  sum,
  uniform,
} from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

/** One draw that can only give one number. */
function certain(
  attributes: Readonly<Record<string, string | number>>,
  number: number,
): Sampler {
  return (random) => {
    const shape = extents(random, [1, 3]);
    return {
      attributes: { ...attributes, shape },
      inputs: [],
      outputs: [build(shape, () => number)],
    };
  };
}

function certainLike(
  attributes: Readonly<Record<string, string | number>>,
  number: number,
): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    return { attributes, inputs: [x], outputs: [map(x, () => number)] };
  };
}

/** Parameters for each of which there is one result only. */
function certainEach(
  make: (place: NaiveArray) => readonly NaiveArray[],
): Sampler {
  return (random) => {
    const place = uniform(random, extents(random, [1, 2]));
    const shape = extents(random, [0, 2]);
    const inputs = make(place);
    const isPlaced = inputs.length === 2;
    const output = build(
      [...place.shape, ...shape],
      (i) => isPlaced ? at(place, i.slice(0, place.shape.length)) : 0,
    );
    return { attributes: { shape }, inputs, outputs: [output] };
  };
}

function certainSize(
  names: readonly [string, string],
  { spread, leading }: { readonly spread: number; readonly leading: boolean },
): Sampler {
  return (random) => {
    const place = uniform(random, [random.int(1, 3)]);
    const other = spread === 0 ? map(place, () => 0) : place;
    const head = leading ? extents(random, [0, 2]) : [random.int(1, 3)];
    const size = leading ? head : [...head, ...place.shape];
    return {
      attributes: { size, [names[0]]: "None", [names[1]]: "None" },
      inputs: [place, other],
      outputs: [
        build([...head, ...place.shape], (i) => at(place, i.slice(-1))),
      ],
    };
  };
}

/** Random numbers of all three kinds that can only be 0. */
function certainlyNone(
  name: string,
  parameters: Readonly<Record<string, number>>,
): Samplers {
  const each: Sampler = (random) => {
    const place = uniform(random, extents(random, [1, 2]));
    const shape = extents(random, [0, 2]);
    return {
      attributes: { shape },
      inputs: Object.values(parameters).map((number) =>
        map(place, () => number)
      ),
      outputs: [build([...place.shape, ...shape], () => 0)],
    };
  };
  return {
    [`_random_${name}`]: certain(parameters, 0),
    [`_random_${name}_like`]: certainLike(parameters, 0),
    [`_sample_${name}`]: each,
  };
}

/** Random numbers of numpy mode that can only be one. */
function certainNumpy(
  attributes: Readonly<Record<string, string | number>>,
  number: number,
): Sampler {
  return (random) => {
    const size = extents(random, [1, 3]);
    return {
      attributes: { ...attributes, size },
      inputs: [],
      outputs: [build(size, () => number)],
    };
  };
}

/** ln n! */
function logFactorial(n: number): number {
  return sum(range(n).map((i) => Math.log(i + 1)));
}

/** A density of whole numbers or fractions, given parameters of each row. */
function density(
  formula: (x: number, a: number, b: number) => number,
  { count, whole = false, limits = [[0.5, 2], [0.5, 2]] }: {
    readonly count: 1 | 2;
    readonly whole?: boolean;
    readonly limits?: readonly (readonly [number, number])[];
  },
): Sampler {
  return (random) => {
    const [rows, columns] = [random.int(1, 3), random.int(1, 4)];
    const x = build(
      [rows, columns],
      () => whole ? random.int(0, 6) : Math.fround(0.2 + 2 * random.next()),
    );
    const parameters = range(count).map((i) =>
      uniform(random, [rows], limits[i])
    );
    const logarithm = random.int(0, 1) === 1;
    const output = map(x, (n, [row]) => {
      const [a = 0, b = 0] = parameters.map((array) => array.data[row!]!);
      const value = formula(n, a, b);
      return logarithm ? Math.log(value) : value;
    });
    return {
      attributes: { is_log: logarithm },
      inputs: [x, ...parameters],
      outputs: [output],
      tolerance: { atol: 1e-4, rtol: 1e-3 },
    };
  };
}

/** C(x + k − 1, x) pᵏ (1 − p)ˣ for any k, as a product. */
function negativeBinomial(x: number, k: number, p: number): number {
  const ways = range(x).reduce((ways, i) => ways * (k + i) / (i + 1), 1);
  return ways * p ** k * (1 - p) ** x;
}

/** Shares of whole α, of which Γ is a factorial. */
function dirichlet(random: Random): ReturnType<Sampler> {
  const [rows, columns, shares] = [2, random.int(1, 3), random.int(2, 4)];
  const raw = uniform(random, [rows, columns, shares], [0.2, 1]);
  const total = (row: number, column: number) =>
    sum(range(shares).map((i) => at(raw, [row, column, i])));
  const x = map(
    raw,
    (n, [row, column]) => Math.fround(n / total(row!, column!)),
  );
  const alpha = build([rows, shares], () => random.int(1, 4));
  const output = build([rows, columns], ([row, column]) => {
    const alphas = range(shares).map((i) => at(alpha, [row!, i]));
    const constant = logFactorial(sum(alphas) - 1) -
      sum(alphas.map((n) => logFactorial(n - 1)));
    const powers = alphas.map((n, i) =>
      (n - 1) * Math.log(at(x, [row!, column!, i]))
    );
    return Math.exp(constant + sum(powers));
  });
  return {
    inputs: [x, alpha],
    outputs: [output],
    tolerance: { atol: 1e-4, rtol: 1e-3 },
  };
}

const CHANCE: readonly (readonly [number, number])[] = [[0.5, 4], [0.2, 0.8]];

/** Random numbers and densities. */
export const drawSamplers: Samplers = {
  _random_uniform: certain({ low: 2, high: 2 }, 2),
  _random_normal: certain({ loc: -3, scale: 0 }, -3),
  _random_exponential: certain({ lam: "inf" }, 0),
  _random_randint: certain({ low: 7, high: 8 }, 7),
  _random_uniform_like: certainLike({ low: 2, high: 2 }, 2),
  _random_normal_like: certainLike({ loc: -3, scale: 0 }, -3),
  _random_exponential_like: certainLike({ lam: "inf" }, 0),
  _sample_uniform: certainEach((place) => [place, place]),
  _sample_normal: certainEach((place) => [place, map(place, () => 0)]),
  _sample_exponential: certainEach((place) => [map(place, () => 1e30)]),
  _sample_multinomial: (random) => {
    const [rows, classes] = [random.int(1, 3), random.int(1, 4)];
    const sure = range(rows).map(() => random.int(0, classes - 1));
    const data = build([rows, classes], ([r, c]) => c === sure[r!] ? 1 : 0);
    const count = random.int(1, 3);
    return {
      attributes: { shape: [count], get_prob: true },
      inputs: [data],
      outputs: [
        build([rows, count], ([r]) => sure[r!]!),
        build([rows, count], () => 0),
      ],
    };
  },
  _npi_uniform: certainSize(["low", "high"], { spread: 1, leading: false }),
  _npi_normal: certainSize(["loc", "scale"], { spread: 0, leading: false }),
  _npi_uniform_n: certainSize(["low", "high"], { spread: 1, leading: true }),
  _npi_normal_n: certainSize(["loc", "scale"], { spread: 0, leading: true }),
  _npi_bernoulli: (random) => {
    const prob = random.int(0, 1);
    const size = extents(random, [1, 3]);
    return {
      attributes: { prob, logit: "None", is_logit: false, size },
      inputs: [],
      outputs: [build(size, () => prob)],
    };
  },
  _shuffle: (random) => {
    const shape = extents(random, [1, 3]);
    const x = build(shape, (i) => i.slice(1).join().length + i.length);
    return { inputs: [x], outputs: [x] };
  },
  ...certainlyNone("gamma", { alpha: 2, beta: 0 }),
  ...certainlyNone("poisson", { lam: 0 }),
  ...certainlyNone("negative_binomial", { k: 2, p: 1 }),
  ...certainlyNone("generalized_negative_binomial", { mu: 0, alpha: 1 }),
  _npi_exponential: certainNumpy({ scale: 0 }, 0),
  _npi_gamma: certainNumpy({ shape: 0.5, scale: 0 }, 0),
  _npi_gumbel: certainNumpy({ loc: 3, scale: 0 }, 3),
  _npi_logistic: certainNumpy({ loc: -2, scale: 0 }, -2),
  _npi_pareto: certainNumpy({ a: "inf" }, 0),
  _npi_rayleigh: certainNumpy({ scale: 0 }, 0),
  _npi_weibull: certainNumpy({ a: "inf" }, 1),
  _npi_powerd: certainNumpy({ a: "inf" }, 1),
  _random_pdf_uniform: density((_, a, b) => 1 / (b - a), {
    count: 2,
    limits: [[-1, 0], [1, 2]],
  }),
  _random_pdf_normal: density(
    (x, a, b) =>
      Math.exp(-(((x - a) / b) ** 2) / 2) / (b * Math.sqrt(2 * Math.PI)),
    { count: 2 },
  ),
  // Of shape 1: Γ(1) is 1.
  _random_pdf_gamma: density((x, _, rate) => rate * Math.exp(-rate * x), {
    count: 2,
    limits: [[1, 1], [0.5, 2]],
  }),
  _random_pdf_exponential: density((x, rate) => rate * Math.exp(-rate * x), {
    count: 1,
  }),
  _random_pdf_poisson: density(
    (x, mean) => Math.exp(x * Math.log(mean) - mean - logFactorial(x)),
    { count: 1, whole: true },
  ),
  _random_pdf_negative_binomial: density(negativeBinomial, {
    count: 2,
    whole: true,
    limits: CHANCE,
  }),
  _random_pdf_generalized_negative_binomial: density(
    (x, mean, dispersion) =>
      negativeBinomial(x, 1 / dispersion, 1 / (1 + mean * dispersion)),
    { count: 2, whole: true },
  ),
  _random_pdf_dirichlet: dirichlet,
};
