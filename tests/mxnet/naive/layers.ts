/**
 * Layers of networks.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  atOr,
  build,
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
import { fold } from "./reductions.ts";
import type { Sample, Samplers } from "./sample.ts";
import { passing } from "./shapes.ts";

const CLOSE = { atol: 1e-4, rtol: 1e-3 };

/** Every position of a window. */
function windowOf(kernel: readonly number[]): readonly Index[] {
  return build(kernel, () => 0).data.map((_, n) => {
    const index: number[] = [];
    let rest = n;
    for (const extent of kernel.toReversed()) {
      index.unshift(rest % extent);
      rest = Math.floor(rest / extent);
    }
    return index;
  });
}

function convolution(random: Random): Sample {
  const rank = random.int(1, 3);
  const list = (low: number, high: number) =>
    range(rank).map(() => random.int(low, high));
  const [kernel, stride, pad, dilate] = [
    list(1, 3),
    list(1, 2),
    list(0, 2),
    list(1, 2),
  ];
  const num_group = random.int(1, 2);
  const [inGroup, outGroup] = [random.int(1, 2), random.int(1, 2)];
  const x = uniform(random, [
    random.int(1, 2),
    inGroup * num_group,
    ...list(5, 7),
  ]);
  const w = uniform(random, [outGroup * num_group, inGroup, ...kernel]);
  const b = uniform(random, [outGroup * num_group]);
  const no_bias = random.next() < 0.5;
  const spatial = kernel.map((k, a) =>
    Math.floor(
      (x.shape[a + 2]! + 2 * pad[a]! - dilate[a]! * (k - 1) - 1) / stride[a]!,
    ) + 1
  );
  const output = build(
    [x.shape[0]!, w.shape[0]!, ...spatial],
    ([n, o, ...place]) => {
      const group = Math.floor(o! / outGroup);
      const terms = range(inGroup).flatMap((c) =>
        windowOf(kernel).map((k) => {
          const from = k.map((i, a) =>
            place[a]! * stride[a]! - pad[a]! + i * dilate[a]!
          );
          return atOr(x, [n!, group * inGroup + c, ...from], 0) *
            at(w, [o!, c, ...k]);
        })
      );
      return sum(terms) + (no_bias ? 0 : b.data[o!]!);
    },
  );
  return {
    attributes: {
      kernel,
      stride,
      pad,
      dilate,
      num_group,
      no_bias,
      num_filter: w.shape[0]!,
    },
    inputs: no_bias ? [x, w] : [x, w, b],
    parameters: no_bias ? [1] : [1, 2],
    outputs: [output],
    tolerance: CLOSE,
  };
}

function deconvolution(random: Random): Sample {
  const rank = random.int(1, 3);
  const list = (low: number, high: number) =>
    range(rank).map(() => random.int(low, high));
  const [kernel, stride] = [list(2, 3), list(1, 3)];
  const pad = list(0, 1);
  const adj = stride.map((s) => random.int(0, s - 1));
  const num_group = random.int(1, 2);
  const [inGroup, outGroup] = [random.int(1, 2), random.int(1, 2)];
  const x = uniform(random, [
    random.int(1, 2),
    inGroup * num_group,
    ...list(2, 4),
  ]);
  const w = uniform(random, [inGroup * num_group, outGroup, ...kernel]);
  const spatial = kernel.map((k, a) =>
    stride[a]! * (x.shape[a + 2]! - 1) + k - 2 * pad[a]! + adj[a]!
  );
  const output = build(
    [x.shape[0]!, outGroup * num_group, ...spatial],
    ([n, o, ...place]) => {
      const group = Math.floor(o! / outGroup);
      return sum(
        range(inGroup).flatMap((c) =>
          windowOf(kernel).map((k) => {
            const from = k.map((i, a) =>
              (place[a]! + pad[a]! - i) / stride[a]!
            );
            if (!from.every(Number.isInteger)) return 0;
            const channel = group * inGroup + c;
            return atOr(x, [n!, channel, ...from], 0) *
              at(w, [channel, o! % outGroup, ...k]);
          })
        ),
      );
    },
  );
  return {
    attributes: {
      kernel,
      stride,
      pad,
      adj,
      num_group,
      num_filter: outGroup * num_group,
    },
    inputs: [x, w],
    parameters: [1],
    outputs: [output],
    tolerance: CLOSE,
  };
}

type PoolType = "max" | "avg" | "sum" | "lp";

function pooled(
  x: NaiveArray,
  facts: {
    readonly type: PoolType;
    readonly kernel: readonly number[];
    readonly stride: readonly number[];
    readonly pad: readonly number[];
    readonly spatial: readonly number[];
    readonly includePad: boolean;
    readonly power: number;
  },
): NaiveArray {
  const { type, kernel, stride, pad, spatial, includePad, power } = facts;
  return build([...x.shape.slice(0, 2), ...spatial], ([n, c, ...place]) => {
    const bounds = place.map((p, a) => {
      const start = p * stride[a]! - pad[a]!;
      const end = Math.min(start + kernel[a]!, x.shape[a + 2]! + pad[a]!);
      return {
        start: Math.max(0, start),
        end: Math.min(end, x.shape[a + 2]!),
        whole: end - start,
      };
    });
    const cells = windowOf(
      bounds.map(({ start, end }) => Math.max(0, end - start)),
    )
      .map((k) => at(x, [n!, c!, ...k.map((i, a) => bounds[a]!.start + i)]));
    const count = product(bounds.map(({ whole }) => whole));
    if (type === "max") return Math.max(-3.4028234663852886e38, ...cells);
    if (type === "sum") return sum(cells);
    if (type === "avg") {
      return sum(cells) / Math.max(1, includePad ? count : cells.length);
    }
    const total = sum(cells.map((m) => m ** power));
    return power === 3 ? Math.cbrt(total) : total ** (1 / power);
  });
}

function pooling(random: Random): Sample {
  const rank = random.int(1, 3);
  const list = (low: number, high: number) =>
    range(rank).map(() => random.int(low, high));
  const x = uniform(random, [
    random.int(1, 2),
    random.int(1, 2),
    ...list(4, 6),
  ]);
  const pool_type = random.pick(["max", "avg", "sum", "lp"] as const);
  const global_pool = random.next() < 0.2;
  const kernel = list(1, 3);
  const stride = list(1, 3);
  const pad = kernel.map((k) => random.int(0, Math.floor(k / 2)));
  const pooling_convention = random.pick(["valid", "full"]);
  const count_include_pad = random.next() < 0.5;
  const p_value = random.int(1, 3);
  const round = pooling_convention === "full" ? Math.ceil : Math.floor;
  const spatial = kernel.map((k, a) =>
    round((x.shape[a + 2]! + 2 * pad[a]! - k) / stride[a]!) + 1
  );
  const windows = global_pool
    ? {
      kernel: x.shape.slice(2),
      stride: kernel.map(() => 1),
      pad: kernel.map(() => 0),
      spatial: kernel.map(() => 1),
    }
    : { kernel, stride, pad, spatial };
  const output = pooled(x, {
    ...windows,
    type: pool_type,
    includePad: count_include_pad,
    power: p_value,
  });
  return {
    attributes: {
      pool_type,
      pooling_convention,
      count_include_pad,
      ...(global_pool ? { global_pool } : { kernel, stride, pad }),
      ...(pool_type === "lp" && { p_value }),
    },
    inputs: [x],
    outputs: [output],
    tolerance: CLOSE,
  };
}

/** Padding counts as zeros, whatever the type. */
function poolingV1(random: Random): Sample {
  const x = uniform(random, [1, 2, random.int(4, 6), random.int(4, 6)]);
  const pool_type = random.pick(["max", "avg", "sum"] as const);
  const kernel = [random.int(2, 3), random.int(2, 3)];
  const stride = [random.int(1, 2), random.int(1, 2)];
  const pad = [1, 1];
  const spatial = kernel.map((k, a) =>
    Math.floor((x.shape[a + 2]! + 2 - k) / stride[a]!) + 1
  );
  const output = build([1, 2, ...spatial], ([n, c, ...place]) => {
    const cells = windowOf(kernel).map((k) =>
      atOr(x, [n!, c!, ...k.map((i, a) => place[a]! * stride[a]! - 1 + i)], 0)
    );
    if (pool_type === "max") return Math.max(...cells);
    return pool_type === "sum" ? sum(cells) : sum(cells) / cells.length;
  });
  return {
    attributes: { pool_type, kernel, stride, pad },
    inputs: [x],
    outputs: [output],
    tolerance: CLOSE,
  };
}

function leakyRelu(random: Random): Sample {
  const x = uniform(random, extents(random, [2, 4]));
  const gamma = uniform(random, [x.shape[1]!], [0, 1]);
  const slope = Math.fround(random.next());
  const act_type = random.pick([
    "leaky",
    "elu",
    "selu",
    "prelu",
    "rrelu",
    "gelu",
  ]);
  const [scale, alpha] = [1.0507009873554805, 1.6732632423543772];
  const formulas: Readonly<Record<string, (n: number, i: Index) => number>> = {
    leaky: (n) => n > 0 ? n : slope * n,
    elu: (n) => n > 0 ? n : slope * Math.expm1(n),
    selu: (n) => n > 0 ? scale * n : scale * alpha * Math.expm1(n),
    prelu: (n, i) => n > 0 ? n : gamma.data[i[1]!]! * n,
    rrelu: (n) => n > 0 ? n : (0.125 + 0.334) / 2 * n,
    gelu: (n) => n / 2 * (1 + erf(n / Math.SQRT2)),
  };
  return {
    attributes: { act_type, slope },
    inputs: act_type === "prelu" ? [x, gamma] : [x],
    parameters: act_type === "prelu" ? [1] : [],
    outputs: [map(x, formulas[act_type]!)],
  };
}

/** Abramowitz & Stegun 7.1.26, to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t *
    (0.254829592 +
      t *
        (-0.284496736 +
          t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const variance = (n: readonly number[]) =>
  mean(n.map((m) => (m - mean(n)) ** 2));

/** Returns x minus the mean over the deviation along axes. */
function standardized(
  x: NaiveArray,
  axes: readonly number[],
  eps: number,
): NaiveArray {
  const over = (i: Index) => i.map((n, a) => axes.includes(a) ? 0 : n);
  const means = fold(x, axes, { keep: true, with: mean });
  const variances = fold(x, axes, { keep: true, with: variance });
  return map(
    x,
    (n, i) =>
      (n - at(means, over(i))) / Math.sqrt(at(variances, over(i)) + eps),
  );
}

function scaled(random: Random, normal: NaiveArray, axis: number) {
  const [gamma, beta] = [0, 1].map(() =>
    uniform(random, [normal.shape[axis]!])
  ) as [NaiveArray, NaiveArray];
  const output = map(
    normal,
    (n, i) => n * gamma.data[i[axis]!]! + beta.data[i[axis]!]!,
  );
  return { gamma, beta, output };
}

function normalisation(
  random: Random,
  { ranks, axesOf, axisOf }: {
    readonly ranks: readonly [number, number];
    readonly axesOf: (rank: number) => readonly number[];
    readonly axisOf: (rank: number) => number;
  },
): Sample {
  const x = uniform(random, extents(random, ranks, [2, 4]));
  const rank = x.shape.length;
  const eps = 1e-2;
  const { gamma, beta, output } = scaled(
    random,
    standardized(x, axesOf(rank), eps),
    axisOf(rank),
  );
  return {
    attributes: { eps },
    inputs: [x, gamma, beta],
    parameters: [1, 2],
    outputs: [output],
    tolerance: CLOSE,
  };
}

function batchNorm(random: Random, relu: boolean): Sample {
  const x = uniform(random, extents(random, [2, 4], [2, 4]));
  const axis = relu ? 1 : random.int(1, x.shape.length - 1);
  const vector = (low: number, high: number) =>
    uniform(random, [x.shape[axis]!], [low, high]);
  const [gamma, beta, means, variances] = [
    vector(-1, 1),
    vector(-1, 1),
    vector(-1, 1),
    vector(0.5, 2),
  ];
  const fix_gamma = random.next() < 0.5;
  const eps = 1e-3;
  const output = map(x, (n, i) => {
    const c = i[axis]!;
    const scale = fix_gamma ? 1 : gamma.data[c]!;
    const y =
      (n - means.data[c]!) / Math.sqrt(variances.data[c]! + eps) * scale +
      beta.data[c]!;
    return relu ? Math.max(0, y) : y;
  });
  return {
    attributes: { fix_gamma, eps, ...(!relu && { axis }) },
    inputs: [x, gamma, beta, means, variances],
    parameters: [1, 2, 3, 4],
    outputs: [output],
    tolerance: CLOSE,
  };
}

/** Layers. */
export const layerSamplers: Samplers = {
  Convolution: convolution,
  Deconvolution: deconvolution,
  Pooling: pooling,
  Pooling_v1: poolingV1,
  LeakyReLU: leakyRelu,
  BatchNorm: (random) => batchNorm(random, false),
  _contrib_BatchNormWithReLU: (random) => batchNorm(random, true),
  InstanceNorm: (random) =>
    normalisation(random, {
      ranks: [3, 4],
      axesOf: (rank) => range(rank).slice(2),
      axisOf: () => 1,
    }),
  LayerNorm: (random) =>
    normalisation(random, {
      ranks: [2, 4],
      axesOf: (rank) => [rank - 1],
      axisOf: (rank) => rank - 1,
    }),
  GroupNorm: (random) => {
    const groups = random.int(1, 2);
    const inGroup = random.int(2, 3);
    const x = uniform(random, [
      random.int(1, 3),
      groups * inGroup,
      random.int(1, 3),
      2,
    ]);
    const split = shaped(x, [
      x.shape[0]!,
      groups,
      product(x.shape.slice(1)) / groups,
    ]);
    const normal = shaped(standardized(split, [2], 1e-5), x.shape);
    const perGroup = groups !== groups * inGroup && random.next() < 0.5;
    const count = perGroup ? groups : groups * inGroup;
    const [gamma, beta] = [uniform(random, [count]), uniform(random, [count])];
    const channel = (i: Index) =>
      perGroup ? Math.floor(i[1]! / inGroup) : i[1]!;
    return {
      attributes: { num_groups: groups },
      inputs: [x, gamma, beta],
      parameters: [1, 2],
      outputs: [
        map(
          normal,
          (n, i) => n * gamma.data[channel(i)]! + beta.data[channel(i)]!,
        ),
      ],
      tolerance: CLOSE,
    };
  },
  L2Normalization: (random) => {
    const x = uniform(random, extents(random, [3, 4]));
    const all = range(x.shape.length);
    const modes = {
      instance: all.slice(1),
      channel: [1],
      spatial: all.slice(2),
    };
    const mode = random.pick(["instance", "channel", "spatial"] as const);
    const axes = modes[mode];
    const norms = fold(x, axes, {
      keep: true,
      with: (n) => Math.sqrt(sum(n.map((m) => m * m)) + 1e-10),
    });
    return {
      attributes: { mode },
      inputs: [x],
      outputs: [
        map(
          x,
          (n, i) => n / at(norms, i.map((m, a) => axes.includes(a) ? 0 : m)),
        ),
      ],
    };
  },
  LRN: (random) => {
    const x = uniform(random, [random.int(1, 2), random.int(1, 6), 2, 2]);
    const nsize = random.pick([1, 3, 5]);
    const [alpha, beta, knorm] = [random.next(), 0.75, random.int(1, 2)];
    const output = map(x, (n, [b, c, y, z]) => {
      const near = range(nsize).map((i) =>
        atOr(x, [b!, c! + i - (nsize - 1) / 2, y!, z!], 0) ** 2
      );
      return n / (knorm + alpha / nsize * sum(near)) ** beta;
    });
    return {
      attributes: { nsize, alpha, beta, knorm },
      inputs: [x],
      outputs: [output],
    };
  },
  FullyConnected: (random) => {
    const x = uniform(random, extents(random, [2, 4]));
    const flatten = random.next() < 0.6;
    const no_bias = random.next() < 0.5;
    const wide = flatten ? product(x.shape.slice(1)) : x.shape.at(-1)!;
    const rows = flatten ? [x.shape[0]!] : x.shape.slice(0, -1);
    const hidden = random.int(1, 4);
    const [w, b] = [uniform(random, [hidden, wide]), uniform(random, [hidden])];
    const matrix = shaped(x, [product(rows), wide]);
    const output = build(
      [product(rows), hidden],
      ([r, h]) =>
        sum(range(wide).map((k) => at(matrix, [r!, k]) * at(w, [h!, k]))) +
        (no_bias ? 0 : b.data[h!]!),
    );
    return {
      attributes: { num_hidden: hidden, flatten, no_bias },
      inputs: no_bias ? [x, w] : [x, w, b],
      parameters: no_bias ? [1] : [1, 2],
      outputs: [shaped(output, [...rows, hidden])],
      tolerance: CLOSE,
    };
  },
  Dropout: passing,
  _identity_with_attr_like_rhs: (random) => {
    const { inputs, outputs } = passing(random);
    return {
      inputs: [inputs[0]!, integers(random, inputs[0]!.shape, [0, 1])],
      outputs,
    };
  },
};
