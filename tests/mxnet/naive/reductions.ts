/**
 * Reductions, order and indexing.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  distinct,
  extents,
  type Index,
  integers,
  map,
  type NaiveArray,
  product,
  range,
  shaped,
  sum,
  uniform,
} from "./array.ts";
import type { Sample, Sampler, Samplers } from "./sample.ts";

type Fold = (numbers: readonly number[]) => number;

/** Returns an array folded along axes. */
export function fold(
  x: NaiveArray,
  axes: readonly number[],
  { keep, with: folded }: { readonly keep: boolean; readonly with: Fold },
): NaiveArray {
  const kept = range(x.shape.length).filter((axis) => !axes.includes(axis));
  const inner = axes.map((axis) => x.shape[axis]!);
  const result = build(kept.map((axis) => x.shape[axis]!), (i) => {
    const cells = build(
      inner,
      (j) =>
        at(
          x,
          range(x.shape.length).map((axis) =>
            axes.includes(axis)
              ? j[axes.indexOf(axis)]!
              : i[kept.indexOf(axis)]!
          ),
        ),
    );
    return folded(cells.data);
  });
  if (keep) {
    return shaped(
      result,
      x.shape.map((n, axis) => axes.includes(axis) ? 1 : n),
    );
  }
  return kept.length === 0 ? shaped(result, [1]) : result;
}

function reduction(folded: Fold, more: Sample["attributes"] = {}): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const rank = x.shape.length;
    const stated = range(rank).filter(() => random.next() < 0.5);
    const exclude = stated.length > 0 && stated.length < rank &&
      random.next() < 0.3;
    const keepdims = random.next() < 0.5;
    const axes = stated.length === 0
      ? range(rank)
      : exclude
      ? range(rank).filter((a) => !stated.includes(a))
      : stated;
    const axis = stated.map((a) => random.next() < 0.5 ? a : a - rank);
    return {
      attributes: {
        ...more,
        keepdims,
        ...(stated.length > 0 && { axis }),
        ...(exclude && { exclude }),
      },
      inputs: [x],
      outputs: [fold(x, axes, { keep: keepdims, with: folded })],
    };
  };
}

function withNan(sampler: Sampler, folded: Fold): Sampler {
  return (random) => {
    const { inputs, attributes = {} } = sampler(random);
    const holes = map(inputs[0]!, (n) => random.next() < 0.2 ? Number.NaN : n);
    const { keepdims } = attributes;
    const clean = { ...attributes, exclude: false, axis: [0] };
    return {
      attributes: clean,
      inputs: [holes],
      outputs: [
        fold(holes, [0], {
          keep: keepdims === true,
          with: (n) => folded(n.filter((m) => !Number.isNaN(m))),
        }),
      ],
    };
  };
}

const mean: Fold = (numbers) => sum(numbers) / numbers.length;

function argument(better: (a: number, b: number) => boolean): Sampler {
  return (random) => {
    const x = integers(random, extents(random, [1, 4]), [-3, 3]);
    const first: Fold = (numbers) =>
      numbers.reduce((best, n, i) => better(n, numbers[best]!) ? i : best, 0);
    const keepdims = random.next() < 0.5;
    if (random.next() < 0.3) {
      return {
        inputs: [x],
        outputs: [fold(x, range(x.shape.length), { keep: false, with: first })],
      };
    }
    const axis = random.int(0, x.shape.length - 1);
    return {
      attributes: { axis, keepdims },
      inputs: [x],
      outputs: [fold(x, [axis], { keep: keepdims, with: first })],
    };
  };
}

/** Reductions. */
export const reductionSamplers: Samplers = {
  sum: reduction(sum),
  mean: reduction(mean),
  max: reduction((n) => Math.max(...n)),
  min: reduction((n) => Math.min(...n)),
  prod: reduction(product),
  nansum: withNan(reduction(sum), sum),
  nanprod: withNan(reduction(product), product),
  square_sum: reduction((n) => sum(n.map((m) => m * m))),
  norm: (random) => {
    const ord = random.int(1, 2);
    const folded: Fold = ord === 1
      ? (n) => sum(n.map(Math.abs))
      : (n) => Math.sqrt(sum(n.map((m) => m * m)));
    const { exclude: _, ...rest } = reduction(folded)(random).attributes ?? {};
    const x = uniform(random, [2, 3, 2]);
    const axis = [random.int(0, 2)];
    return {
      attributes: { ...rest, ord, axis },
      inputs: [x],
      outputs: [
        fold(x, axis, { keep: rest["keepdims"] === true, with: folded }),
      ],
    };
  },
  moments: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const axes = [random.int(0, x.shape.length - 1)];
    const keepdims = random.next() < 0.5;
    const variance: Fold = (n) => mean(n.map((m) => (m - mean(n)) ** 2));
    const along = (folded: Fold) =>
      fold(x, axes, { keep: keepdims, with: folded });
    return {
      attributes: { axes, keepdims },
      inputs: [x],
      outputs: [along(mean), along(variance)],
    };
  },
  cumsum: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const axis = random.int(0, x.shape.length - 1);
    const upTo = (i: Index) =>
      sum(range(i[axis]! + 1).map((n) => at(x, i.with(axis, n))));
    return random.next() < 0.3
      ? {
        inputs: [x],
        outputs: [
          build([x.data.length], ([i]) => sum(x.data.slice(0, i! + 1))),
        ],
      }
      : {
        attributes: { axis },
        inputs: [x],
        outputs: [map(x, (_, i) => upTo(i))],
      };
  },
  argmax: argument((a, b) => a > b),
  argmin: argument((a, b) => a < b),
  argmax_channel: (random) => {
    const x = distinct(random, [random.int(1, 4), random.int(1, 5)]);
    const first: Fold = (n) => n.indexOf(Math.max(...n));
    return {
      inputs: [x],
      outputs: [fold(x, [1], { keep: false, with: first })],
    };
  },
};

/** Returns where the elements along an axis lie when ordered. */
function ranking(x: NaiveArray, axis: number, ascending: boolean): NaiveArray {
  return build(x.shape, (i) => {
    const line = range(x.shape[axis]!).map((n) => at(x, i.with(axis, n)));
    const order = range(line.length).toSorted((a, b) =>
      ascending ? line[a]! - line[b]! : line[b]! - line[a]!
    );
    return order[i[axis]!]!;
  });
}

function along(x: NaiveArray, axis: number, indices: NaiveArray): NaiveArray {
  return map(indices, (place, i) => at(x, i.with(axis, place)));
}

function first(x: NaiveArray, axis: number, count: number): NaiveArray {
  return build(x.shape.with(axis, count), (i) => at(x, i));
}

/** Order along an axis. */
export const orderingSamplers: Samplers = {
  sort: (random) => {
    const { x, axis, is_ascend } = toOrder(random);
    return {
      attributes: { axis, is_ascend },
      inputs: [x],
      outputs: [along(x, axis, ranking(x, axis, is_ascend))],
    };
  },
  argsort: (random) => {
    const { x, axis, is_ascend } = toOrder(random);
    return {
      attributes: { axis, is_ascend },
      inputs: [x],
      outputs: [ranking(x, axis, is_ascend)],
    };
  },
  topk: (random) => {
    const { x, axis, is_ascend } = toOrder(random);
    const k = random.int(1, x.shape[axis]!);
    const indices = first(ranking(x, axis, is_ascend), axis, k);
    const values = along(x, axis, indices);
    const mask = map(
      x,
      (n, i) => range(k).some((j) => at(values, i.with(axis, j)) === n) ? 1 : 0,
    );
    const results = {
      value: [values],
      indices: [indices],
      both: [values, indices],
      mask: [mask],
    };
    const ret_typ = random.pick(["value", "indices", "both", "mask"] as const);
    return {
      attributes: { axis, is_ascend, k, ret_typ },
      inputs: [x],
      outputs: results[ret_typ],
    };
  },
};

function toOrder(random: Random) {
  const x = distinct(random, extents(random, [1, 4]));
  const axis = random.int(0, x.shape.length - 1);
  return { x, axis, is_ascend: random.next() < 0.5 };
}

const clipped = (n: number, extent: number) =>
  Math.min(extent - 1, Math.max(0, Math.trunc(n)));
const wrapped = (n: number, extent: number) =>
  ((Math.trunc(n) % extent) + extent) % extent;

/** Elements by index. */
export const indexingSamplers: Samplers = {
  take: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    const axis = random.int(0, x.shape.length - 1);
    const indices = integers(random, extents(random, [1, 2]), [-3, 6]);
    const mode = random.pick(["clip", "wrap"]);
    const place = mode === "clip" ? clipped : wrapped;
    const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
    const output = build(shape, (i) => {
      const inner = i.slice(axis, axis + indices.shape.length);
      const n = place(at(indices, inner), x.shape[axis]!);
      return at(x, i.toSpliced(axis, inner.length, n));
    });
    return {
      attributes: { axis, mode },
      inputs: [x, indices],
      outputs: [output],
    };
  },
  batch_take: (random) => {
    const x = uniform(random, [random.int(1, 4), random.int(1, 4)]);
    const b = {
      ...integers(random, [x.shape[0]!], [0, 5]),
      type: "int32" as const,
    };
    return {
      inputs: [x, b],
      outputs: [
        build(b.shape, ([i]) => at(x, [i!, clipped(b.data[i!]!, x.shape[1]!)])),
      ],
    };
  },
  pick: (random) => {
    const x = uniform(random, extents(random, [2, 4]));
    const axis = random.int(0, x.shape.length - 1);
    const keepdims = random.next() < 0.5;
    const indices = integers(random, x.shape.toSpliced(axis, 1), [-2, 6]);
    const mode = random.pick(["clip", "wrap"]);
    const place = mode === "clip" ? clipped : wrapped;
    const picked = map(
      indices,
      (n, i) => at(x, i.toSpliced(axis, 0, place(n, x.shape[axis]!))),
    );
    return {
      attributes: { axis, keepdims, mode },
      inputs: [x, indices],
      outputs: [keepdims ? shaped(picked, x.shape.with(axis, 1)) : picked],
    };
  },
  gather_nd: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const depth = random.int(1, x.shape.length);
    const tuples = extents(random, [1, 2]);
    const indices = build(
      [depth, ...tuples],
      ([axis]) => random.int(0, x.shape[axis!]! - 1),
    );
    const output = build([...tuples, ...x.shape.slice(depth)], (i) => {
      const head = range(depth).map((axis) =>
        at(indices, [axis, ...i.slice(0, tuples.length)])
      );
      return at(x, [...head, ...i.slice(tuples.length)]);
    });
    return { inputs: [x, indices], outputs: [output] };
  },
  scatter_nd: (random) => {
    const shape = extents(random, [1, 3], [2, 4]);
    const rows = range(shape[0]!).filter(() => random.next() < 0.6);
    const used = rows.length === 0 ? [0] : rows;
    const data = uniform(random, [used.length, ...shape.slice(1)]);
    const indices = { shape: [1, used.length], data: used };
    const output = build(
      shape,
      ([row, ...rest]) =>
        used.includes(row!) ? at(data, [used.indexOf(row!), ...rest]) : 0,
    );
    return {
      attributes: { shape },
      inputs: [data, indices],
      outputs: [output],
    };
  },
  one_hot: (random) => {
    const indices = integers(random, extents(random, [1, 3]), [-2, 5]);
    const depth = random.int(1, 4);
    const [on_value, off_value] = [random.int(1, 3), random.int(-2, 0)];
    const output = build(
      [...indices.shape, depth],
      (i) => at(indices, i.slice(0, -1)) === i.at(-1) ? on_value : off_value,
    );
    return {
      attributes: { depth, on_value, off_value },
      inputs: [indices],
      outputs: [output],
    };
  },
  where: (random) => {
    const shape = extents(random, [1, 4]);
    const [a, b] = [uniform(random, shape), uniform(random, shape)];
    const rows = random.next() < 0.5;
    const condition = integers(random, rows ? [shape[0]!] : shape, [0, 1]);
    const holds = (i: Index) => at(condition, rows ? [i[0]!] : i) !== 0;
    return {
      inputs: [condition, a, b],
      outputs: [build(shape, (i) => at(holds(i) ? a : b, i))],
    };
  },
  _unravel_index: (random) => {
    const shape = extents(random, [1, 3]);
    const places = integers(random, extents(random, [1, 2]), [
      0,
      product(shape) - 1,
    ]);
    const output = build(
      [shape.length, ...places.shape],
      ([axis, ...i]) =>
        Math.floor(at(places, i) / product(shape.slice(axis! + 1))) %
        shape[axis!]!,
    );
    return { attributes: { shape }, inputs: [places], outputs: [output] };
  },
  _ravel_multi_index: (random) => {
    const shape = extents(random, [1, 3]);
    const count = random.int(1, 4);
    const indices = build(
      [shape.length, count],
      ([axis]) => random.int(0, shape[axis!]! - 1),
    );
    const output = build(
      [count],
      ([n]) =>
        range(shape.length).reduce(
          (place, axis) => place * shape[axis]! + at(indices, [axis, n!]),
          0,
        ),
    );
    return { attributes: { shape }, inputs: [indices], outputs: [output] };
  },
  _contrib_index_copy: (random) => {
    const old = uniform(random, extents(random, [1, 3], [2, 4]));
    const fresh = uniform(random, [1, ...old.shape.slice(1)]);
    const row = random.int(0, old.shape[0]! - 1);
    const output = map(
      old,
      (n, [r, ...rest]) => r === row ? at(fresh, [0, ...rest]) : n,
    );
    return {
      inputs: [old, { shape: [1], data: [row] }, fresh],
      outputs: [output],
    };
  },
  Embedding: (random) => {
    const [rows, width] = [random.int(1, 5), random.int(1, 4)];
    const indices = integers(random, extents(random, [1, 3]), [-2, 7]);
    const weight = uniform(random, [rows, width]);
    const output = build(
      [...indices.shape, width],
      (i) =>
        at(weight, [clipped(at(indices, i.slice(0, -1)), rows), i.at(-1)!]),
    );
    return {
      attributes: { input_dim: rows, output_dim: width },
      inputs: [indices, weight],
      parameters: [1],
      outputs: [output],
    };
  },
};
