/**
 * Operators of numpy mode that differ from the older ones.
 *
 * @module
 */

import {
  at,
  build,
  extents,
  map,
  product,
  range,
  shaped,
  sum,
  uniform,
} from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> =
  {
    equal: (a, b) => a === b,
    not_equal: (a, b) => a !== b,
    greater: (a, b) => a > b,
    greater_equal: (a, b) => a >= b,
    less: (a, b) => a < b,
    less_equal: (a, b) => a <= b,
    logical_and: (a, b) => a !== 0 && b !== 0,
    logical_or: (a, b) => a !== 0 || b !== 0,
    logical_xor: (a, b) => (a !== 0) !== (b !== 0),
  };

function comparisons(): Samplers {
  return Object.fromEntries(
    Object.entries(COMPARISONS).flatMap(([name, formula]) => {
      const pair: Sampler = (random) => {
        const shape = extents(random, [1, 4]);
        const [a, b] = [0, 1].map(() => build(shape, () => random.int(-1, 1)));
        return {
          inputs: [a!, b!],
          outputs: [map(a!, (n, i) => formula(n, at(b!, i)) ? 1 : 0)],
        };
      };
      const number: Sampler = (random) => {
        const x = build(extents(random, [1, 4]), () => random.int(-1, 1));
        const scalar = random.int(-1, 1);
        return {
          attributes: { scalar },
          inputs: [x],
          outputs: [map(x, (n) => formula(n, scalar) ? 1 : 0)],
        };
      };
      return [[`_npi_${name}`, pair], [`_npi_${name}_scalar`, number]];
    }),
  );
}

/** Operators of numpy mode that differ from the older ones. */
export const numpySamplers: Samplers = {
  ...comparisons(),
  _npi_logical_not: (random) => {
    const x = build(extents(random, [1, 4]), () => random.int(-1, 1));
    return { inputs: [x], outputs: [map(x, (n) => n === 0 ? 1 : 0)] };
  },
  _npi_matmul: (random) => {
    const [n, k, m] = extents(random, [3, 3]) as [number, number, number];
    const a = uniform(random, random.next() < 0.3 ? [k] : [n, k]);
    const b = uniform(random, random.next() < 0.3 ? [k] : [k, m]);
    const rows = a.shape.length === 1 ? [] : [n];
    const columns = b.shape.length === 1 ? [] : [m];
    const output = build(
      [...rows, ...columns],
      (i) =>
        sum(
          range(k).map((j) =>
            at(a, [...i.slice(0, rows.length), j]) *
            at(b, [j, ...i.slice(rows.length)])
          ),
        ),
    );
    return { inputs: [a, b], outputs: [output] };
  },
  _np_squeeze: (random) => {
    const shape = extents(random, [1, 3], [2, 4]);
    const axis = random.int(0, shape.length);
    const x = uniform(random, shape.toSpliced(axis, 0, 1));
    const attributes = random.next() < 0.5 ? { axis: [axis] } : {};
    return { attributes, inputs: [x], outputs: [shaped(x, shape)] };
  },
  _np_reshape: (random) => {
    const x = uniform(random, extents(random, [2, 4]));
    const [first = 1, ...rest] = x.shape;
    const newshape = random.pick([[-1], [first, -1], [-1, product(rest)]]);
    const result = newshape.length === 1
      ? [x.data.length]
      : [first, product(rest)];
    return {
      attributes: { newshape },
      inputs: [x],
      outputs: [shaped(x, result)],
    };
  },
  _npx_reshape: (random) => {
    const [a, b, c] = extents(random, [3, 3]) as [number, number, number];
    const x = uniform(random, [a, b, c, 1]);
    const { newshape, result, reverse = false } = random.pick([
      { newshape: [-2, -1], result: [a, b * c] },
      { newshape: [-2, -4], result: [a, b, c, 1] },
      { newshape: [-5, -4], result: [a * b, c, 1] },
      { newshape: [-2, -2, -2, -3], result: [a, b, c] },
      { newshape: [-2, -6, 1, -1, -4], result: [a, 1, b, c, 1] },
      { newshape: [-1, -2, -2], reverse: true, result: [a * b, c, 1] },
    ]);
    return {
      attributes: { newshape, reverse },
      inputs: [x],
      outputs: [shaped(x, result)],
    };
  },
};
