/**
 * Operators that change shapes, or take parts.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  atOr,
  build,
  extents,
  map,
  type NaiveArray,
  product,
  range,
  shaped,
  uniform,
} from "./array.ts";
import type { Sample, Samplers } from "./sample.ts";

function any(
  random: Random,
  ranks: readonly [number, number] = [1, 4],
): NaiveArray {
  return uniform(random, extents(random, ranks));
}

function shuffled(random: Random, count: number): readonly number[] {
  const order = [...range(count)];
  for (let i = count - 1; i > 0; i--) {
    const j = random.int(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function transposed(x: NaiveArray, order: readonly number[]): NaiveArray {
  const shape = order.map((axis) => x.shape[axis]!);
  return build(
    shape,
    (i) => at(x, range(x.shape.length).map((axis) => i[order.indexOf(axis)]!)),
  );
}

/** Codes and what they ask for, for a shape of [a, b, c, d]. */
function reshapes([a, b, c, d]: readonly number[]) {
  return [
    { shape: [0, -1], result: [a!, b! * c! * d!] },
    { shape: [-1], result: [a! * b! * c! * d!] },
    { shape: [0, 0, -1], result: [a!, b!, c! * d!] },
    { shape: [-3, -2], result: [a! * b!, c!, d!] },
    { shape: [0, -3, 0], result: [a!, b! * c!, d!] },
    { shape: [-2, 1], result: [a!, b!, c!, d!, 1] },
    { shape: [0, -4, 1, -1, -2], result: [a!, 1, b!, c!, d!] },
    { shape: [-1, 0], reverse: true, result: [a! * b! * c!, d!] },
    { shape: [-3, 0, 0], reverse: true, result: [a! * b!, c!, d!] },
  ];
}

/** Operators that change shapes. */
export const shapeSamplers: Samplers = {
  Reshape: (random) => {
    const x = any(random, [4, 4]);
    const { result, ...attributes } = random.pick(reshapes(x.shape));
    return { attributes, inputs: [x], outputs: [shaped(x, result)] };
  },
  reshape_like: (random) => {
    const x = any(random);
    const like = uniform(
      random,
      shuffled(random, x.shape.length).map((a) => x.shape[a]!),
    );
    return { inputs: [x, like], outputs: [shaped(x, like.shape)] };
  },
  transpose: (random) => {
    const x = any(random);
    const rank = x.shape.length;
    const axes = shuffled(random, rank);
    return random.next() < 0.3
      ? { inputs: [x], outputs: [transposed(x, range(rank).toReversed())] }
      : { attributes: { axes }, inputs: [x], outputs: [transposed(x, axes)] };
  },
  SwapAxis: (random) => {
    const x = any(random, [2, 4]);
    const [dim1, dim2] = shuffled(random, x.shape.length) as [number, number];
    const order = range(x.shape.length).with(dim1, dim2).with(dim2, dim1);
    return {
      attributes: { dim1, dim2 },
      inputs: [x],
      outputs: [transposed(x, order)],
    };
  },
  expand_dims: (random) => {
    const x = any(random);
    const place = random.int(0, x.shape.length);
    const axis = random.next() < 0.5 ? place : place - x.shape.length - 1;
    return {
      attributes: { axis },
      inputs: [x],
      outputs: [shaped(x, x.shape.toSpliced(place, 0, 1))],
    };
  },
  squeeze: (random) => {
    const shape = extents(random, [1, 3], [2, 4]);
    const axis = random.int(0, shape.length);
    const x = uniform(random, shape.toSpliced(axis, 0, 1));
    const attributes = random.next() < 0.5 ? { axis: [axis] } : {};
    return { attributes, inputs: [x], outputs: [shaped(x, shape)] };
  },
  Flatten: (random) => {
    const x = any(random);
    const [head = 1, ...rest] = x.shape;
    return { inputs: [x], outputs: [shaped(x, [head, product(rest)])] };
  },
  stack: (random) => {
    const shape = extents(random, [1, 3]);
    const inputs = range(random.int(1, 3)).map(() => uniform(random, shape));
    const axis = random.int(0, shape.length);
    const result = shape.toSpliced(axis, 0, inputs.length);
    const output = build(
      result,
      (i) => at(inputs[i[axis]!]!, i.toSpliced(axis, 1)),
    );
    return {
      attributes: { axis, num_args: inputs.length },
      inputs,
      outputs: [output],
    };
  },
  Concat: (random) => {
    const shape = extents(random, [2, 4]);
    const dim = random.int(0, shape.length - 1);
    const sizes = range(random.int(1, 3)).map(() => random.int(1, 3));
    const inputs = sizes.map((size) => uniform(random, shape.with(dim, size)));
    const output = build(
      shape.with(dim, sizes.reduce((a, b) => a + b)),
      (i) => {
        let [which, offset] = [0, i[dim]!];
        while (offset >= sizes[which]!) offset -= sizes[which++]!;
        return at(inputs[which]!, i.with(dim, offset));
      },
    );
    return {
      attributes: { dim, num_args: inputs.length },
      inputs,
      outputs: [output],
    };
  },
  tile: (random) => {
    const x = any(random, [1, 3]);
    const reps = extents(random, [1, 4], [1, 3]);
    const rank = Math.max(x.shape.length, reps.length);
    const wide = (
      list: readonly number[],
    ) => [...range(rank - list.length).map(() => 1), ...list];
    const [from, times] = [wide(x.shape), wide(reps)];
    const output = build(
      from.map((n, a) => n * times[a]!),
      (i) => at(shaped(x, from), i.map((n, a) => n % from[a]!)),
    );
    return { attributes: { reps }, inputs: [x], outputs: [output] };
  },
  repeat: (random) => {
    const x = any(random);
    const repeats = random.int(1, 3);
    const axis = random.int(0, x.shape.length - 1);
    return random.next() < 0.3
      ? {
        attributes: { repeats },
        inputs: [x],
        outputs: [build([x.data.length * repeats], ([i]) =>
          x.data[Math.floor(i! / repeats)]!)],
      }
      : {
        attributes: { repeats, axis },
        inputs: [x],
        outputs: [
          build(
            x.shape.with(axis, x.shape[axis]! * repeats),
            (i) => at(x, i.with(axis, Math.floor(i[axis]! / repeats))),
          ),
        ],
      };
  },
  broadcast_to: (random) => {
    const { thin, whole } = thinned(random);
    const shape = whole.shape.map((n, a) =>
      n === thin.shape[a] && random.next() < 0.5 ? 0 : n
    );
    return { attributes: { shape }, inputs: [thin], outputs: [whole] };
  },
  broadcast_axis: (random) => {
    const { thin, whole } = thinned(random);
    const axis = range(thin.shape.length).filter((a) => thin.shape[a] === 1);
    const size = axis.map((a) => whole.shape[a]!);
    return { attributes: { axis, size }, inputs: [thin], outputs: [whole] };
  },
  broadcast_like: (random) => {
    const { thin, whole } = thinned(random);
    return { inputs: [thin, uniform(random, whole.shape)], outputs: [whole] };
  },
  Pad: (random) => {
    const x = uniform(random, extents(random, [4, 5], [3, 4]));
    const spatial = x.shape.slice(2).flatMap(
      () => [random.int(0, 2), random.int(0, 2)],
    );
    const pad_width = [0, 0, 0, 0, ...spatial];
    const mode = random.pick(["constant", "edge", "reflect"]);
    const constant_value = random.int(-2, 2);
    const shape = x.shape.map((n, a) =>
      n + pad_width[2 * a]! + pad_width[2 * a + 1]!
    );
    const source = (n: number, extent: number) =>
      mode === "edge"
        ? Math.min(extent - 1, Math.max(0, n))
        : n < 0
        ? -n
        : n >= extent
        ? 2 * extent - 2 - n
        : n;
    const output = build(shape, (i) => {
      const inner = i.map((n, a) => n - pad_width[2 * a]!);
      return mode === "constant"
        ? atOr(x, inner, constant_value)
        : at(x, inner.map((n, a) => source(n, x.shape[a]!)));
    });
    return {
      attributes: { mode, pad_width, constant_value },
      inputs: [x],
      outputs: [output],
    };
  },
  depth_to_space: (random) => {
    const b = random.int(1, 3);
    const [n, c, h, w] = extents(random, [4, 4], [1, 3]) as [
      number,
      number,
      number,
      number,
    ];
    const x = uniform(random, [n, c * b * b, h, w]);
    const output = build(
      [n, c, h * b, w * b],
      ([i, k, y, z]) =>
        at(x, [
          i!,
          ((y! % b) * b + z! % b) * c + k!,
          Math.floor(y! / b),
          Math.floor(z! / b),
        ]),
    );
    return { attributes: { block_size: b }, inputs: [x], outputs: [output] };
  },
  space_to_depth: (random) => {
    const b = random.int(1, 3);
    const [n, c, h, w] = extents(random, [4, 4], [1, 3]) as [
      number,
      number,
      number,
      number,
    ];
    const x = uniform(random, [n, c, h * b, w * b]);
    const output = build([n, c * b * b, h, w], ([i, k, y, z]) => {
      const block = Math.floor(k! / c);
      return at(x, [
        i!,
        k! % c,
        y! * b + Math.floor(block / b),
        z! * b + block % b,
      ]);
    });
    return { attributes: { block_size: b }, inputs: [x], outputs: [output] };
  },
  shape_array: (random) => {
    const x = any(random);
    return {
      inputs: [x],
      outputs: [{ shape: [x.shape.length], data: x.shape }],
    };
  },
  size_array: (random) => {
    const x = any(random);
    return { inputs: [x], outputs: [{ shape: [1], data: [x.data.length] }] };
  },
};

/** An array with some extents of 1, and the same spread over more. */
function thinned(
  random: Random,
): { readonly thin: NaiveArray; readonly whole: NaiveArray } {
  const shape = extents(random, [1, 4]);
  const thin = uniform(random, shape.map((n) => random.next() < 0.5 ? 1 : n));
  const whole = build(
    shape,
    (i) => at(thin, i.map((n, a) => thin.shape[a] === 1 ? 0 : n)),
  );
  return { thin, whole };
}

/** Returns part of an array. */
function sliced(
  x: NaiveArray,
  axis: number,
  places: readonly number[],
): NaiveArray {
  return build(
    x.shape.with(axis, places.length),
    (i) => at(x, i.with(axis, places[i[axis]!]!)),
  );
}

/** Operators that take parts. */
export const sliceSamplers: Samplers = {
  slice: (random) => {
    const x = uniform(random, extents(random, [1, 3], [3, 6]));
    const count = random.int(1, x.shape.length);
    let output = x;
    const begin: (number | undefined)[] = [];
    const end: (number | undefined)[] = [];
    const step: (number | undefined)[] = [];
    for (const axis of range(count)) {
      const n = x.shape[axis]!;
      const back = random.next() < 0.3;
      const [low, high] = [random.int(0, 1), random.int(2, n)];
      const by = random.int(1, 2);
      begin.push(back ? undefined : random.next() < 0.5 ? low : low - n);
      end.push(back ? undefined : high);
      step.push(back ? -by : by);
      const places = range(n).filter((i) =>
        back
          ? (n - 1 - i) % by === 0
          : i >= low && i < high && (i - low) % by === 0
      );
      output = sliced(output, axis, back ? places.toReversed() : places);
    }
    return { attributes: { begin, end, step }, inputs: [x], outputs: [output] };
  },
  slice_axis: (random) => {
    const x = uniform(random, extents(random, [1, 4], [2, 5]));
    const axis = random.int(0, x.shape.length - 1);
    const n = x.shape[axis]!;
    const begin = random.int(0, n - 1);
    const end = random.int(begin + 1, n);
    const stated = end === n ? "None" : random.next() < 0.5 ? end : end - n;
    return {
      attributes: { axis: axis - x.shape.length, begin, end: stated },
      inputs: [x],
      outputs: [sliced(x, axis, range(n).slice(begin, end))],
    };
  },
  slice_like: (random) => {
    const x = uniform(random, extents(random, [2, 4], [2, 5]));
    const like = uniform(random, x.shape.map((n) => random.int(1, n)));
    const axes = range(x.shape.length).filter(() => random.next() < 0.6);
    const used = axes.length === 0 ? range(x.shape.length) : axes;
    const output = used.reduce(
      (y, a) => sliced(y, a, range(like.shape[a]!)),
      x,
    );
    return {
      attributes: axes.length === 0 ? {} : { axes },
      inputs: [x, like],
      outputs: [output],
    };
  },
  SliceChannel: (random) => {
    const axis = random.int(0, 2);
    const [count, size] = [random.int(1, 3), random.int(1, 2)];
    const x = uniform(random, extents(random, [3, 3]).with(axis, count * size));
    const squeeze_axis = size === 1 && random.next() < 0.5;
    const outputs = range(count).map((k) => {
      const part = sliced(x, axis, range(size).map((i) => k * size + i));
      return squeeze_axis ? shaped(part, part.shape.toSpliced(axis, 1)) : part;
    });
    return {
      attributes: { num_outputs: count, axis, squeeze_axis },
      inputs: [x],
      outputs,
    };
  },
  _split_v2: (random) => {
    const axis = random.int(0, 2);
    const x = uniform(random, extents(random, [3, 3]).with(axis, 6));
    const sections = random.pick([0, 2, 3]);
    const indices = sections === 0
      ? [0, random.int(1, 3), random.int(4, 5)]
      : range(sections).map((i) => i * 6 / sections);
    const outputs = indices.map((start, k) =>
      sliced(x, axis, range(6).slice(start, indices[k + 1] ?? 6))
    );
    return {
      attributes: { axis, sections, ...(sections === 0 && { indices }) },
      inputs: [x],
      outputs,
    };
  },
  reverse: (random) => {
    const x = any(random);
    const axis = range(x.shape.length).filter(() => random.next() < 0.5);
    const used = axis.length === 0 ? [0] : axis;
    return {
      attributes: { axis: used },
      inputs: [x],
      outputs: [
        build(x.shape, (i) =>
          at(
            x,
            i.map((n, a) => used.includes(a) ? x.shape[a]! - 1 - n : n),
          )),
      ],
    };
  },
  Crop: (random) => {
    const x = uniform(random, [
      random.int(1, 2),
      2,
      random.int(4, 7),
      random.int(4, 7),
    ]);
    const h_w = [random.int(1, 4), random.int(1, 4)];
    const center_crop = random.next() < 0.5;
    const spare = h_w.map((n, a) => x.shape[a + 2]! - n);
    const offset = spare.map((n) =>
      center_crop ? Math.floor(n / 2) : random.int(0, n)
    );
    const output = h_w.reduce(
      (y, n, a) => sliced(y, a + 2, range(n).map((i) => i + offset[a]!)),
      x,
    );
    const like = uniform(random, [x.shape[0]!, 1, ...h_w]);
    const attributes = { center_crop, ...(!center_crop && { offset }) };
    return random.next() < 0.5
      ? {
        attributes: { ...attributes, num_args: 2 },
        inputs: [x, like],
        outputs: [output],
      }
      : {
        attributes: { ...attributes, h_w, num_args: 1 },
        inputs: [x],
        outputs: [output],
      };
  },
  diag: (random) => {
    const k = random.int(-1, 1);
    if (random.next() < 0.5) {
      const x = uniform(random, [random.int(1, 4)]);
      const size = x.shape[0]! + Math.abs(k);
      return {
        attributes: { k },
        inputs: [x],
        outputs: [
          build(
            [size, size],
            ([r, c]) => c! - r! === k ? x.data[Math.min(r!, c!)]! : 0,
          ),
        ],
      };
    }
    const x = uniform(random, extents(random, [2, 4], [2, 4]));
    const [rows, columns, ...rest] = x.shape as [number, number, ...number[]];
    const count = Math.min(rows - Math.max(0, -k), columns - Math.max(0, k));
    const output = build([...rest, count], (i) => {
      const n = i.at(-1)!;
      return at(x, [
        n + Math.max(0, -k),
        n + Math.max(0, k),
        ...i.slice(0, -1),
      ]);
    });
    return { attributes: { k }, inputs: [x], outputs: [output] };
  },
};

/** Returns what an operator that passes its input on gives. */
export function passing(random: Random): Sample {
  const x = any(random);
  return { inputs: [x], outputs: [map(x, (n) => n)] };
}
