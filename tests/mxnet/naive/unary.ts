/**
 * Functions of one value.
 *
 * @module
 */

import { build, extents, map, type NaiveArray, uniform } from "./array.ts";
import type { Random } from "../support/random.ts";
import type { Sampler, Samplers } from "./sample.ts";

type Range = readonly [number, number];

/** Γ by Lanczos' approximation (g = 7, n = 9). */
function gamma(x: number): number {
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const c = [
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const t = x + 6.5;
  const series = c.slice(1).reduce((sum, n, i) => sum + n / (x + i), c[0]!);
  return Math.sqrt(2 * Math.PI) * t ** (x - 0.5) * Math.exp(-t) * series;
}

/** erf by its Taylor series, which converges well where it is used. */
function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 80; n++) {
    term *= -x * x / n;
    total += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * total;
}

/** The inverse of `erf`, by bisection. */
function erfinv(y: number): number {
  let [low, high] = [-4, 4];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (erf(middle) < y) low = middle;
    else high = middle;
  }
  return low;
}

const ANY: Range = [-3, 3];
const POSITIVE: Range = [0.1, 4];
const UNIT: Range = [-0.9, 0.9];

const FORMULAS: Readonly<
  Record<string, readonly [(x: number) => number, Range]>
> = {
  abs: [Math.abs, ANY],
  sign: [Math.sign, ANY],
  exp: [Math.exp, ANY],
  log: [Math.log, POSITIVE],
  sqrt: [Math.sqrt, POSITIVE],
  reciprocal: [(x) => 1 / x, POSITIVE],
  negative: [(x) => -x, ANY],
  sin: [Math.sin, ANY],
  cos: [Math.cos, ANY],
  tan: [Math.tan, UNIT],
  arcsin: [Math.asin, UNIT],
  arccos: [Math.acos, UNIT],
  arctan: [Math.atan, ANY],
  sinh: [Math.sinh, ANY],
  cosh: [Math.cosh, ANY],
  tanh: [Math.tanh, ANY],
  arcsinh: [Math.asinh, ANY],
  arccosh: [Math.acosh, [1.1, 4]],
  arctanh: [Math.atanh, UNIT],
  erf: [erf, ANY],
  square: [(x) => x * x, ANY],
  rsqrt: [(x) => 1 / Math.sqrt(x), POSITIVE],
  cbrt: [Math.cbrt, ANY],
  rcbrt: [(x) => 1 / Math.cbrt(x), POSITIVE],
  log2: [Math.log2, POSITIVE],
  log10: [Math.log10, POSITIVE],
  log1p: [Math.log1p, UNIT],
  expm1: [Math.expm1, ANY],
  degrees: [(x) => x * 180 / Math.PI, ANY],
  radians: [(x) => x * Math.PI / 180, ANY],
  ceil: [Math.ceil, ANY],
  floor: [Math.floor, ANY],
  trunc: [Math.trunc, ANY],
  fix: [Math.trunc, ANY],
  round: [(x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5), ANY],
  rint: [(x) => Math.ceil(x - 0.5), ANY],
  erfinv: [erfinv, UNIT],
  gamma: [gamma, [-3.9, 5]],
  gammaln: [(x) => Math.log(Math.abs(gamma(x))), [-3.9, 20]],
  logical_not: [(x) => x === 0 ? 1 : 0, ANY],
  relu: [(x) => Math.max(x, 0), ANY],
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), ANY],
  softsign: [(x) => x / (1 + Math.abs(x)), ANY],
  log_sigmoid: [(x) => -Math.log1p(Math.exp(-x)), ANY],
  mish: [(x) => x * Math.tanh(Math.log1p(Math.exp(x))), ANY],
  _contrib_round_ste: [
    (x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
    ANY,
  ],
  _contrib_sign_ste: [Math.sign, ANY],
  _contrib_gradientmultiplier: [(x) => x, ANY],
  zeros_like: [() => 0, ANY],
  ones_like: [() => 1, ANY],
  BlockGrad: [(x) => x, ANY],
  _copy: [(x) => x, ANY],
  IdentityAttachKLSparseReg: [(x) => x, UNIT],
  _CrossDeviceCopy: [(x) => x, ANY],
  MakeLoss: [(x) => x, ANY],
};

/** Where halves, whole numbers and zeros have to occur. */
const ROUNDING = [
  "ceil",
  "floor",
  "trunc",
  "fix",
  "round",
  "rint",
  "sign",
  "logical_not",
];

function values(name: string, range: Range, random: Random): NaiveArray {
  const shape = extents(random, [1, 4]);
  return ROUNDING.includes(name)
    ? build(shape, () => random.int(-9, 9) / 4)
    : uniform(random, shape, range);
}

function sampler(name: string): Sampler {
  const [formula, range] = FORMULAS[name]!;
  return (random) => {
    const x = values(name, range, random);
    return {
      inputs: [x],
      outputs: [map(x, formula)],
      tolerance: { atol: 2e-5, rtol: 2e-4 },
    };
  };
}

/** Functions of one value. */
export const unarySamplers: Samplers = {
  ...Object.fromEntries(
    Object.keys(FORMULAS).map((name) => [name, sampler(name)]),
  ),
  clip: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const [low, high] = [-random.next(), random.next()];
    const limit = (n: number) => Math.min(high, Math.max(low, n));
    return {
      attributes: { a_min: low, a_max: high },
      inputs: [x],
      outputs: [map(x, limit)],
    };
  },
  smooth_l1: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const s = random.int(1, 4) / 2;
    const formula = (n: number) =>
      Math.abs(n) < 1 / s ** 2 ? (s * n) ** 2 / 2 : Math.abs(n) - 0.5 / s ** 2;
    return {
      attributes: { scalar: s },
      inputs: [x],
      outputs: [map(x, formula)],
    };
  },
  hard_sigmoid: (random) => {
    const x = uniform(random, extents(random, [1, 4]), [-5, 5]);
    const [alpha, beta] = [0.1 + random.next(), random.next()];
    const formula = (n: number) => Math.min(1, Math.max(0, alpha * n + beta));
    return {
      attributes: { alpha, beta },
      inputs: [x],
      outputs: [map(x, formula)],
    };
  },
  _contrib_quadratic: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const [a, b, c] = [0, 0, 0].map(() => random.int(-2, 2)) as [
      number,
      number,
      number,
    ];
    return {
      attributes: { a, b, c },
      inputs: [x],
      outputs: [map(x, (n) => a * n * n + b * n + c)],
    };
  },
  _contrib_div_sqrt_dim: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const root = Math.sqrt(x.shape.at(-1)!);
    return { inputs: [x], outputs: [map(x, (n) => n / root)] };
  },
  Activation: (random) => {
    const types = [
      "relu",
      "sigmoid",
      "tanh",
      "softsign",
      "log_sigmoid",
      "mish",
    ];
    const x = uniform(random, extents(random, [1, 4]), ANY);
    const type = random.pick([...types, "softrelu"]);
    const formula = type === "softrelu"
      ? (n: number) => Math.log1p(Math.exp(n))
      : FORMULAS[type]![0];
    return {
      attributes: { act_type: type },
      inputs: [x],
      outputs: [map(x, formula)],
    };
  },
};
