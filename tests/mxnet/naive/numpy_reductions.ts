/**
 * Reductions of numpy mode, and what the samplers of numpy mode share.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  extents,
  type Index,
  type NaiveArray,
  product,
  range,
  shaped,
  sum,
  uniform,
} from "./array.ts";
import { fold } from "./reductions.ts";
import type { Sampler, Samplers } from "./sample.ts";

/** How close results have to be that many roundings lead to. */
export const CLOSE = { atol: 1e-4, rtol: 1e-3 } as const;

/** Returns random truth values. */
export function bits(
  random: Random,
  shape = extents(random, [1, 3]),
): NaiveArray {
  return { ...build(shape, () => random.int(0, 1)), type: "bool" };
}

/** Reduces along random axes; all of them leave rank 0. */
function reduction(
  folded: (numbers: readonly number[]) => number,
  make: (random: Random, shape: Index) => NaiveArray = uniform,
): Sampler {
  return (random) => {
    const x = make(random, extents(random, [1, 3]));
    const all = random.next() < 0.4;
    const keepdims = random.next() < 0.5;
    const axes = all
      ? range(x.shape.length)
      : [random.int(0, x.shape.length - 1)];
    const result = fold(x, axes, { keep: keepdims, with: folded });
    const full = !keepdims && axes.length === x.shape.length;
    return {
      attributes: { keepdims, ...(!all && { axis: axes }) },
      inputs: [x],
      outputs: [full ? shaped(result, []) : result],
      tolerance: CLOSE,
    };
  };
}

/** Along one axis, which may not be a list here. */
function placeOf(extreme: (...numbers: number[]) => number): Sampler {
  const sampler = reduction((n) => n.indexOf(extreme(...n)));
  return (random) => {
    const sample = sampler(random);
    const axis = sample.attributes?.["axis"] as Index | undefined;
    const attributes = {
      ...sample.attributes,
      ...(axis && { axis: axis[0]! }),
    };
    return { ...sample, attributes };
  };
}

const varianceOf = (numbers: readonly number[]) => {
  const mean = sum(numbers) / numbers.length;
  return sum(numbers.map((n) => (n - mean) ** 2)) / numbers.length;
};

const average: Sampler = (random) => {
  const shape = extents(random, [2, 2], [2, 3]);
  const x = uniform(random, shape);
  const weights = uniform(random, [shape[1]!], [0.5, 2]);
  const totals = sum(weights.data);
  const output = build(
    [shape[0]!],
    ([row]) => sum(weights.data.map((w, i) => w * at(x, [row!, i]))) / totals,
  );
  return {
    attributes: { axis: [1], weighted: true, returned: true },
    inputs: [x, weights],
    outputs: [output, { shape: [], data: [totals] }],
    tolerance: CLOSE,
  };
};

const norm: Sampler = (random) => {
  const order = random.pick([1, 2, 3]);
  const sampler = reduction((n) =>
    sum(n.map((k) => Math.abs(k) ** order)) ** (1 / order)
  );
  const sample = sampler(random);
  return {
    ...sample,
    attributes: { ...sample.attributes, flag: -1, ord: order },
  };
};

/** Reductions of numpy mode. */
export const numpyReductionSamplers: Samplers = {
  _np_sum: reduction(sum),
  _np_prod: reduction(product),
  _np_max: reduction((n) => Math.max(...n)),
  _np_min: reduction((n) => Math.min(...n)),
  _npi_mean: reduction((n) => sum(n) / n.length),
  _np_any: reduction((n) => n.some((k) => k !== 0) ? 1 : 0, bits),
  _np_all: reduction((n) => n.every((k) => k !== 0) ? 1 : 0, bits),
  _npi_argmax: placeOf(Math.max),
  _npi_argmin: placeOf(Math.min),
  _npi_average: average,
  _npi_var: reduction(varianceOf),
  _npi_std: reduction((n) => Math.sqrt(varianceOf(n))),
  _npi_norm: norm,
};
