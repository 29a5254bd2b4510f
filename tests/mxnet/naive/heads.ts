/**
 * Softmax, loss layers, products, creation, sequences and attention.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  extents,
  integers,
  map,
  type NaiveArray,
  product,
  range,
  shaped,
  sum,
  uniform,
} from "./array.ts";
import { fold } from "./reductions.ts";
import type { Sample, Sampler, Samplers } from "./sample.ts";

/** Softmax over axes together. */
export function softmax(x: NaiveArray, axes: readonly number[]): NaiveArray {
  const powers = map(x, Math.exp);
  const totals = fold(powers, axes, { keep: true, with: sum });
  return map(
    powers,
    (n, i) => n / at(totals, i.map((m, a) => axes.includes(a) ? 0 : m)),
  );
}

function softmaxLike(change: (p: number) => number, sign: number): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const axis = random.int(0, x.shape.length - 1);
    const temperature = random.int(1, 3);
    const result = softmax(map(x, (n) => sign * n / temperature), [axis]);
    return {
      attributes: { axis: axis - x.shape.length, temperature },
      inputs: [x],
      outputs: [map(result, change)],
    };
  };
}

function withLabel(change: (n: number) => number): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [2, 3]));
    return { inputs: [x, uniform(random, x.shape)], outputs: [map(x, change)] };
  };
}

/** Softmax and what training ends in. */
export const outputSamplers: Samplers = {
  softmax: softmaxLike((p) => p, 1),
  log_softmax: softmaxLike(Math.log, 1),
  softmin: softmaxLike((p) => p, -1),
  SoftmaxActivation: (random) => {
    const x = uniform(random, extents(random, [2, 4]));
    const mode = random.pick(["instance", "channel"]);
    const axis = mode === "channel" ? 1 : x.shape.length - 1;
    return { attributes: { mode }, inputs: [x], outputs: [softmax(x, [axis])] };
  },
  SoftmaxOutput: (random) => {
    const x = uniform(random, extents(random, [2, 4]));
    const rank = x.shape.length;
    const kind = random.pick(["plain", "multi_output", "preserve_shape"]);
    const axes = {
      plain: range(rank).slice(1),
      multi_output: [1],
      preserve_shape: [rank - 1],
    }[kind]!;
    return {
      attributes: kind === "plain" ? {} : { [kind]: true },
      inputs: [x, integers(random, [x.shape[0]!], [0, 1])],
      outputs: [softmax(x, axes)],
    };
  },
  LogisticRegressionOutput: withLabel((n) => 1 / (1 + Math.exp(-n))),
  LinearRegressionOutput: withLabel((n) => n),
  MAERegressionOutput: withLabel((n) => n),
  SVMOutput: withLabel((n) => n),
  WarpCTC: (random) => {
    const x = uniform(random, extents(random, [2, 3]));
    const rows = product(x.shape.slice(0, -1));
    const flat = shaped(x, [rows, x.shape.at(-1)!]);
    return {
      inputs: [x, integers(random, [x.shape[0]!], [0, 1])],
      outputs: [softmax(flat, [1])],
    };
  },
};

/** Returns products of matrices. */
export function multiplied(a: NaiveArray, b: NaiveArray): NaiveArray {
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  return build([...a.shape.slice(0, -2), rows, b.shape.at(-1)!], (i) => {
    const [head, r, c] = [i.slice(0, -2), i.at(-2)!, i.at(-1)!];
    return sum(
      range(inner).map((k) => at(a, [...head, r, k]) * at(b, [...head, k, c])),
    );
  });
}

/** Returns matrices with rows and columns exchanged. */
export function turned(x: NaiveArray): NaiveArray {
  const shape = [...x.shape.slice(0, -2), x.shape.at(-1)!, x.shape.at(-2)!];
  return build(shape, (i) => at(x, [...i.slice(0, -2), i.at(-1)!, i.at(-2)!]));
}

function matrices(random: Random, heads: readonly number[]) {
  const [n, k, m] = extents(random, [3, 3]) as [number, number, number];
  const [a, b] = [
    uniform(random, [...heads, n, k]),
    uniform(random, [...heads, k, m]),
  ];
  const [transpose_a, transpose_b] = [random.next() < 0.5, random.next() < 0.5];
  return {
    attributes: { transpose_a, transpose_b },
    inputs: [transpose_a ? turned(a) : a, transpose_b ? turned(b) : b],
    product: multiplied(a, b),
  };
}

/** Products of matrices. */
export const matrixSamplers: Samplers = {
  dot: (random) => {
    const { attributes, inputs, product } = matrices(random, []);
    return { attributes, inputs, outputs: [product] };
  },
  batch_dot: (random) => {
    const { attributes, inputs, product } = matrices(random, [
      random.int(1, 3),
    ]);
    return { attributes, inputs, outputs: [product] };
  },
  _linalg_gemm2: (random) => {
    const { attributes, inputs, product } = matrices(
      random,
      extents(random, [0, 2]),
    );
    const alpha = random.int(1, 3) / 2;
    return {
      attributes: { ...attributes, alpha },
      inputs,
      outputs: [map(product, (n) => alpha * n)],
    };
  },
  _linalg_gemm: (random) => {
    const { attributes, inputs, product } = matrices(
      random,
      extents(random, [0, 2]),
    );
    const [alpha, beta] = [random.int(1, 3) / 2, random.int(-2, 2)];
    const c = uniform(random, product.shape);
    return {
      attributes: { ...attributes, alpha, beta },
      inputs: [...inputs, c],
      outputs: [map(product, (n, i) => alpha * n + beta * at(c, i))],
    };
  },
};

function filledWith(number: number): Sampler {
  return (random) => {
    const shape = extents(random, [1, 4]);
    const attributes = number === 2.5 ? { shape, value: 2.5 } : { shape };
    return { attributes, inputs: [], outputs: [build(shape, () => number)] };
  };
}

function castSample(random: Random): Sample {
  const x = build(extents(random, [1, 3]), () => random.int(-9, 9) / 4);
  const dtype = random.pick(["int32", "float32", "int64", "float64"]);
  const whole = dtype.startsWith("int");
  return {
    attributes: { dtype },
    inputs: [x],
    outputs: [map(x, (n) => whole ? Math.trunc(n) : n)],
  };
}

/** Values without inputs, and types. */
export const creationSamplers: Samplers = {
  _zeros: filledWith(0),
  _zeros_without_dtype: filledWith(0),
  _ones: filledWith(1),
  _full: filledWith(2.5),
  _arange: (random) => {
    const [start, step, repeat] = [
      random.int(-2, 2),
      random.int(1, 3) / 2,
      random.int(1, 2),
    ];
    const count = random.int(1, 5);
    const numbers = range(count * repeat).map((i) =>
      start + Math.floor(i / repeat) * step
    );
    return {
      attributes: { start, stop: start + count * step, step, repeat },
      inputs: [],
      outputs: [{ shape: [numbers.length], data: numbers }],
    };
  },
  _linspace: (random) => {
    const [start, num] = [random.int(-2, 2), random.int(1, 5)];
    const endpoint = random.next() < 0.5;
    const gaps = Math.max(1, endpoint ? num - 1 : num);
    return {
      attributes: { start, stop: start + 3, num, endpoint },
      inputs: [],
      outputs: [build([num], ([i]) => start + 3 * i! / gaps)],
    };
  },
  _eye: (random) => {
    const [N, M, k] = [random.int(1, 4), random.int(1, 4), random.int(-1, 1)];
    return {
      attributes: { N, M, k },
      inputs: [],
      outputs: [build([N, M], ([r, c]) => c! - r! === k ? 1 : 0)],
    };
  },
  _contrib_arange_like: (random) => {
    const x = uniform(random, extents(random, [1, 4]));
    const [start, step] = [random.int(-2, 2), random.int(1, 3) / 2];
    const axis = random.int(0, x.shape.length - 1);
    const whole = random.next() < 0.5;
    const numbers = range(whole ? x.data.length : x.shape[axis]!).map((i) =>
      start + i * step
    );
    return {
      attributes: whole ? { start, step } : { start, step, axis },
      inputs: [x],
      outputs: [{ shape: whole ? x.shape : [numbers.length], data: numbers }],
    };
  },
  Cast: castSample,
  amp_cast: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    return { attributes: { dtype: "float32" }, inputs: [x], outputs: [x] };
  },
  amp_multicast: (random) => {
    const inputs = range(random.int(1, 3)).map(() =>
      uniform(random, extents(random, [1, 3]))
    );
    return {
      attributes: { num_outputs: inputs.length },
      inputs,
      outputs: inputs,
    };
  },
};

function sequenceSample(
  make: (facts: {
    readonly x: NaiveArray;
    readonly time: number;
    readonly lengthOf: (index: readonly number[]) => number;
    readonly random: Random;
  }) => Pick<Sample, "outputs" | "attributes">,
  axes: readonly number[],
): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [2, 4]));
    const time = random.pick(axes);
    const lengths = integers(random, [x.shape[1 - time]!], [1, x.shape[time]!]);
    const used = random.next() < 0.7;
    const lengthOf = (i: readonly number[]) =>
      used ? lengths.data[i[1 - time]!]! : x.shape[time]!;
    const { attributes, outputs } = make({ x, time, lengthOf, random });
    return {
      attributes: { ...attributes, axis: time, use_sequence_length: used },
      inputs: used ? [x, lengths] : [x],
      outputs,
    };
  };
}

/** Sequences. */
export const sequenceSamplers: Samplers = {
  SequenceMask: sequenceSample(({ x, time, lengthOf }) => ({
    attributes: { value: -1.5 },
    outputs: [map(x, (n, i) => i[time]! < lengthOf(i) ? n : -1.5)],
  }), [0, 1]),
  SequenceLast: sequenceSample(({ x, time, lengthOf }) => ({
    outputs: [build(x.shape.toSpliced(time, 1), (i) => {
      const index = i.toSpliced(time, 0, 0);
      return at(x, index.with(time, lengthOf(index) - 1));
    })],
  }), [0, 1]),
  SequenceReverse: sequenceSample(({ x, time, lengthOf }) => ({
    outputs: [map(x, (n, i) => {
      const length = lengthOf(i);
      return i[time]! < length ? at(x, i.with(time, length - 1 - i[time]!)) : n;
    })],
  }), [0]),
};

/** Element [t, b, head, part, i] of projections that lie interleaved. */
function interleaved(x: NaiveArray, heads: number, count: number) {
  const size = x.shape[2]! / heads / count;
  const read = (part: number, [t, b, h, i]: readonly number[]) =>
    at(x, [t!, b!, (h! * count + part) * size + i!]);
  return { size, read };
}

function scoresOf(
  queries: NaiveArray,
  keys: NaiveArray,
  heads: number,
  counts: readonly [number, number],
): NaiveArray {
  const q = interleaved(queries, heads, counts[0]);
  const k = interleaved(keys, heads, counts[1]);
  const batch = queries.shape[1]!;
  return build(
    [batch * heads, queries.shape[0]!, keys.shape[0]!],
    ([n, t, s]) => {
      const [b, h] = [Math.floor(n! / heads), n! % heads];
      const terms = range(q.size).map((i) =>
        q.read(0, [t!, b, h, i]) *
        k.read(counts[0] === 3 ? 1 : 0, [s!, b, h, i])
      );
      return sum(terms) / Math.sqrt(q.size);
    },
  );
}

function weightedBy(
  values: NaiveArray,
  weights: NaiveArray,
  heads: number,
  count: number,
): NaiveArray {
  const v = interleaved(values, heads, count);
  return build(
    [weights.shape[1]!, values.shape[1]!, heads * v.size],
    ([t, b, w]) => {
      const [h, i] = [Math.floor(w! / v.size), w! % v.size];
      return sum(
        range(values.shape[0]!).map((s) =>
          at(weights, [b! * heads + h, t!, s]) *
          v.read(count - 1, [s, b!, h, i])
        ),
      );
    },
  );
}

/** Attention. */
export const attentionSamplers: Samplers = {
  _contrib_interleaved_matmul_selfatt_qk: (random) => {
    const { heads, x } = projections(random, 3);
    return {
      attributes: { heads },
      inputs: [x],
      outputs: [scoresOf(x, x, heads, [3, 3])],
    };
  },
  _contrib_interleaved_matmul_selfatt_valatt: (random) => {
    const { heads, x } = projections(random, 3);
    const weights = uniform(random, [
      x.shape[1]! * heads,
      random.int(1, 3),
      x.shape[0]!,
    ]);
    return {
      attributes: { heads },
      inputs: [x, weights],
      outputs: [weightedBy(x, weights, heads, 3)],
    };
  },
  _contrib_interleaved_matmul_encdec_qk: (random) => {
    const { heads, x } = projections(random, 1);
    const keys = uniform(random, [
      random.int(1, 4),
      x.shape[1]!,
      x.shape[2]! * 2,
    ]);
    return {
      attributes: { heads },
      inputs: [x, keys],
      outputs: [scoresOf(x, keys, heads, [1, 2])],
    };
  },
  _contrib_interleaved_matmul_encdec_valatt: (random) => {
    const { heads, x } = projections(random, 2);
    const weights = uniform(random, [
      x.shape[1]! * heads,
      random.int(1, 3),
      x.shape[0]!,
    ]);
    return {
      attributes: { heads },
      inputs: [x, weights],
      outputs: [weightedBy(x, weights, heads, 2)],
    };
  },
};

function projections(random: Random, count: number) {
  const heads = random.int(1, 3);
  const x = uniform(random, [
    random.int(1, 4),
    random.int(1, 3),
    heads * count * random.int(1, 3),
  ]);
  return { heads, x };
}
