/**
 * Numpy mode: arithmetic.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  extents,
  type Index,
  map,
  type NaiveArray,
  sum,
  uniform,
} from "./array.ts";
import { bits, CLOSE } from "./numpy_reductions.ts";
import type { Sampler, Samplers } from "./sample.ts";

type Pairwise = (a: number, b: number) => number;

const evenly = (n: number) => {
  const below = Math.floor(n);
  const rest = n - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
};

/** With their formulas; those of the second list have a reversed form too. */
const ONE_WAY: Readonly<Record<string, Pairwise>> = {
  fmax: Math.max,
  fmin: Math.min,
  logaddexp: (a, b) => Math.log(Math.exp(a) + Math.exp(b)),
};

const BOTH_WAYS: Readonly<Record<string, Pairwise>> = {
  true_divide: (a, b) => a / b,
  floor_divide: (a, b) => Math.floor(Math.fround(a / b)),
  fmod: (a, b) => a % b,
  arctan2: Math.atan2,
  copysign: (a, b) => b < 0 ? -Math.abs(a) : Math.abs(a),
  ldexp: (a, b) => a * 2 ** b,
};

/** Numbers that no formula here is discontinuous near. */
function plain(random: Random, shape: Index): NaiveArray {
  return build(shape, () => random.pick([-1.75, -0.75, 0.5, 1.25]));
}

function pair(formula: Pairwise): Sampler {
  return (random) => {
    const a = plain(random, extents(random, [1, 3]));
    const repeated = a.shape.map((extent) => random.pick([extent, 1]));
    const b = plain(random, repeated);
    const output = map(
      a,
      (n, i) => formula(n, at(b, i.map((k, axis) => k % repeated[axis]!))),
    );
    return { inputs: [a, b], outputs: [output], tolerance: CLOSE };
  };
}

function withNumber(formula: Pairwise): Sampler {
  return (random) => {
    const x = plain(random, extents(random, [1, 3]));
    const scalar = random.pick([-1.5, 0.5, 2]);
    return {
      attributes: { scalar },
      inputs: [x],
      outputs: [map(x, (n) => formula(n, scalar))],
      tolerance: CLOSE,
    };
  };
}

function pairSamplers(): Samplers {
  const all = { ...ONE_WAY, ...BOTH_WAYS };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, formula]) => [
      [`_npi_${name}`, pair(formula)],
      [`_npi_${name}_scalar`, withNumber(formula)],
      ...(name in BOTH_WAYS
        ? [
          [
            `_npi_r${name}_scalar`,
            withNumber((a, b) => formula(b, a)),
          ] as const,
        ]
        : []),
    ]),
  );
}

const ODD = [NaN, Infinity, -Infinity, 0, 1.5];

function test(formula: (n: number) => boolean): Sampler {
  return (random) => {
    const x = build(extents(random, [1, 3]), () => random.pick(ODD));
    return { inputs: [x], outputs: [map(x, (n) => formula(n) ? 1 : 0)] };
  };
}

function onBits(formula: Pairwise): Sampler {
  return (random) => {
    const a = bits(random);
    const b = bits(random, a.shape);
    return {
      inputs: [a, b],
      outputs: [map(a, (n, i) => formula(n, at(b, i)))],
    };
  };
}

/** One or both sides of a choice are numbers. */
function choice(sides: readonly ("x" | "y")[]): Sampler {
  return (random) => {
    const condition = build(extents(random, [1, 3]), () => random.int(0, 1));
    const x = uniform(random, condition.shape);
    const [first, second] = [1.5, -2.5];
    const output = map(condition, (truth, i) => {
      if (sides.length === 2) return truth === 0 ? second : first;
      const isNumber = (truth === 0) === (sides[0] === "y");
      return isNumber ? first : at(x, i);
    });
    return {
      attributes: sides.length === 2
        ? { x: first, y: second }
        : { scalar: first },
      inputs: sides.length === 2 ? [condition] : [condition, x],
      outputs: [output],
    };
  };
}

/** Numpy mode: arithmetic. */
export const numpyArithmeticSamplers: Samplers = {
  ...pairSamplers(),
  _npi_bitwise_and: onBits((a, b) => a & b),
  _npi_bitwise_or: onBits((a, b) => a | b),
  _npi_bitwise_xor: onBits((a, b) => a ^ b),
  _npi_bitwise_not: (random) => {
    const x = bits(random);
    return { inputs: [x], outputs: [map(x, (n) => 1 - n)] };
  },
  _npi_around: (random) => {
    const decimals = random.int(-1, 1);
    const x = build(
      extents(random, [1, 3]),
      () => random.int(-40, 40) / 4 * 10 ** -decimals,
    );
    const rounded = map(
      x,
      (n) => evenly(Math.round(n * 10 ** decimals * 4) / 4) / 10 ** decimals,
    );
    return { attributes: { decimals }, inputs: [x], outputs: [rounded] };
  },
  _npi_nan_to_num: (random) => {
    const x = build(extents(random, [1, 3]), () => random.pick(ODD));
    const [nan, posinf, neginf] = [7, 8, -9];
    const output = map(x, (n) => {
      if (Number.isNaN(n)) return nan;
      return n === Infinity ? posinf : n === -Infinity ? neginf : n;
    });
    return {
      attributes: { nan, posinf, neginf },
      inputs: [x],
      outputs: [output],
    };
  },
  _npi_polyval: (random) => {
    const p = uniform(random, [random.int(1, 4)]);
    const x = uniform(random, extents(random, [1, 3]));
    const last = p.shape[0]! - 1;
    const output = map(
      x,
      (n) => sum(p.data.map((factor, i) => factor * n ** (last - i))),
    );
    return { inputs: [p, x], outputs: [output], tolerance: CLOSE };
  },
  _npi_isnan: test(Number.isNaN),
  _npi_isinf: test((n) => Math.abs(n) === Infinity),
  _npi_isposinf: test((n) => n === Infinity),
  _npi_isneginf: test((n) => n === -Infinity),
  _npi_isfinite: test(Number.isFinite),
  _npi_where_lscalar: choice(["x"]),
  _npi_where_rscalar: choice(["y"]),
  _npi_where_scalar2: choice(["x", "y"]),
};
