/**
 * Numpy mode beyond what differs from the older operators: arithmetic,
 * products, shapes and creation.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  extents,
  type Index,
  indicesOf,
  map,
  type NaiveArray,
  product,
  range,
  shaped,
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

const arithmeticSamplers: Samplers = {
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

/** Sums products over pairs of axes. */
function contraction(
  a: NaiveArray,
  b: NaiveArray,
  [axesA, axesB]: readonly [Index, Index],
): NaiveArray {
  const free = (x: NaiveArray, axes: Index) =>
    range(x.shape.length).filter((axis) => !axes.includes(axis));
  const [freeA, freeB] = [free(a, axesA), free(b, axesB)];
  const inner = indicesOf(axesA.map((axis) => a.shape[axis]!));
  const place = (
    x: NaiveArray,
    pairs: readonly (readonly [axis: number, index: number])[],
  ) => x.shape.map((_, axis) => pairs.find(([own]) => own === axis)![1]);
  return build([
    ...freeA.map((axis) => a.shape[axis]!),
    ...freeB.map((axis) => b.shape[axis]!),
  ], (index) =>
    sum(inner.map((k) =>
      at(
        a,
        place(a, [
          ...freeA.map((axis, i) => [axis, index[i]!] as const),
          ...axesA.map((axis, i) => [axis, k[i]!] as const),
        ]),
      ) *
      at(
        b,
        place(b, [
          ...freeB.map((axis, i) => [axis, index[freeA.length + i]!] as const),
          ...axesB.map((axis, i) => [axis, k[i]!] as const),
        ]),
      )
    )));
}

const dot: Sampler = (random) => {
  const inner = random.int(1, 4);
  const a = uniform(random, [...extents(random, [0, 2]), inner]);
  const isVector = random.next() < 0.4;
  const b = uniform(
    random,
    isVector ? [inner] : [...extents(random, [0, 1]), inner, random.int(1, 3)],
  );
  const axisB = isVector ? 0 : b.shape.length - 2;
  const output = contraction(a, b, [[a.shape.length - 1], [axisB]]);
  return { inputs: [a, b], outputs: [output], tolerance: CLOSE };
};

const tensordot: Sampler = (random) => {
  const [i, j, k] = extents(random, [3, 3]) as [number, number, number];
  const [a, b] = [uniform(random, [i, j, k]), uniform(random, [k, 2, i])];
  return {
    attributes: { a_axes_summed: [0, 2], b_axes_summed: [-1, 0] },
    inputs: [a, b],
    outputs: [contraction(a, b, [[0, 2], [2, 0]])],
    tolerance: CLOSE,
  };
};

const tensordotInOrder: Sampler = (random) => {
  const [i, j, k] = extents(random, [3, 3]) as [number, number, number];
  const [a, b] = [uniform(random, [i, j, k]), uniform(random, [j, k, 2])];
  return {
    attributes: { axes: 2 },
    inputs: [a, b],
    outputs: [contraction(a, b, [[1, 2], [0, 1]])],
    tolerance: CLOSE,
  };
};

/** Every assignment of the letters, summed into the result. */
const einsum: Sampler = (random) => {
  const { terms, result, subscripts } = random.pick([
    { terms: ["ij", "jk"], result: "ik", subscripts: "ij,jk" },
    { terms: ["bij", "bkj"], result: "bik", subscripts: "bij,bkj->bik" },
    { terms: ["ii"], result: "i", subscripts: "ii->i" },
    { terms: ["ij"], result: "", subscripts: "ij->" },
    { terms: ["ji"], result: "ij", subscripts: "ji" },
    { terms: ["ij", "kj", "kl"], result: "il", subscripts: "ij,kj,kl->il" },
    { terms: ["abi", "bij"], result: "abj", subscripts: "...i,...ij->...j" },
  ]);
  const letters = [...new Set(terms.join(""))];
  const sizes = letters.map(() => random.int(1, 3));
  const sizeOf = (letter: string) => sizes[letters.indexOf(letter)]!;
  const inputs = terms.map((term) => uniform(random, [...term].map(sizeOf)));
  const shape = [...result].map(sizeOf);
  const output = build(
    shape,
    (index) =>
      sum(
        indicesOf(sizes).filter((cell) =>
          [...result].every((letter, i) =>
            cell[letters.indexOf(letter)] === index[i]
          )
        ).map((cell) =>
          product(inputs.map((x, i) =>
            at(
              x,
              [...terms[i]!].map((letter) => cell[letters.indexOf(letter)]!),
            )
          ))
        ),
      ),
  );
  return {
    attributes: { subscripts, num_args: inputs.length },
    inputs,
    outputs: [output],
    tolerance: CLOSE,
  };
};

/** The elements of one diagonal of a matrix. */
function diagonalOf(x: NaiveArray, offset: number): readonly number[] {
  return indicesOf(x.shape).filter(([row, column]) => column! - row! === offset)
    .map((index) => at(x, index));
}

function matrixWith(row: readonly number[], offset: number): NaiveArray {
  const size = row.length + Math.abs(offset);
  return build(
    [size, size],
    ([r, c]) => c! - r! === offset ? row[Math.min(r!, c!)]! : 0,
  );
}

function diagonal(whole: boolean): Sampler {
  return (random) => {
    const x = uniform(random, [random.int(2, 4), random.int(2, 4)]);
    const offset = random.int(-1, 1);
    const swapped = random.next() < 0.5;
    const numbers = diagonalOf(x, swapped ? -offset : offset);
    return {
      attributes: { offset, axis1: swapped ? 1 : 0, axis2: swapped ? -2 : 1 },
      inputs: [x],
      outputs: [
        whole
          ? { shape: [], data: [sum(numbers)] }
          : { shape: [numbers.length], data: numbers },
      ],
    };
  };
}

const productSamplers: Samplers = {
  _np_dot: dot,
  _npi_tensordot: tensordot,
  _npi_tensordot_int_axes: tensordotInOrder,
  _npi_einsum: einsum,
  _np_trace: diagonal(true),
  _np_diagonal: diagonal(false),
  _np_diag: (random) => {
    const k = random.int(-1, 1);
    const isRow = random.next() < 0.5;
    const size = random.int(2, 4);
    const x = uniform(random, isRow ? [size] : [size, random.int(2, 4)]);
    const numbers = isRow ? [] : diagonalOf(x, k);
    return {
      attributes: { k },
      inputs: [x],
      outputs: [
        isRow
          ? matrixWith(x.data, k)
          : { shape: [numbers.length], data: numbers },
      ],
    };
  },
  _np_diagflat: (random) => {
    const k = random.int(-2, 2);
    const x = uniform(random, extents(random, [1, 2], [1, 3]));
    return {
      attributes: { k },
      inputs: [x],
      outputs: [matrixWith(x.data, k)],
    };
  },
};

/** Joins arrays that differ along one axis only. */
function joined(parts: readonly NaiveArray[], axis: number): NaiveArray {
  const first = parts[0]!;
  const owners = parts.flatMap((x, part) =>
    range(x.shape[axis]!).map((i) => ({ part, i }))
  );
  return build(first.shape.with(axis, owners.length), (index) => {
    const { part, i } = owners[index[axis]!]!;
    return at(parts[part]!, index.with(axis, i));
  });
}

function raised({ shape, data }: NaiveArray, rank: number): NaiveArray {
  if (shape.length >= rank) return { shape, data };
  if (shape.length === 2) return { shape: [...shape, 1], data };
  const length = shape[0]!;
  return { shape: rank === 2 ? [1, length] : [1, length, 1], data };
}

function stack(axis: number, rank: number): Sampler {
  return (random) => {
    const shape = extents(random, [1, 3]);
    const inputs = range(random.int(1, 3)).map(() => uniform(random, shape));
    const parts = inputs.map((x) => raised(x, rank));
    const along = rank === 1 && shape.length === 1 ? 0 : axis;
    return {
      attributes: { num_args: inputs.length },
      inputs,
      outputs: [joined(parts, along)],
    };
  };
}

function atLeast(rank: number): Sampler {
  return (random) => {
    const inputs = range(random.int(1, 3)).map(() =>
      uniform(random, extents(random, [1, 4]))
    );
    return {
      attributes: { num_args: inputs.length },
      inputs,
      outputs: inputs.map((x) => raised(x, rank)),
    };
  };
}

function triangle(counts: (above: number, k: number) => boolean): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [2, 3]));
    const k = random.int(-2, 2);
    const output = map(
      x,
      (n, i) => counts(i.at(-1)! - i.at(-2)!, k) ? n : 0,
    );
    return { attributes: { k }, inputs: [x], outputs: [output] };
  };
}

/** Where an element of a border comes from, along one axis. */
function mirrored(i: number, extent: number, twice: boolean): number {
  if (i >= 0 && i < extent) return i;
  const beyond = twice ? 1 : 0;
  return i < 0
    ? mirrored(-i - beyond, extent, twice)
    : mirrored(2 * extent - 2 + beyond - i, extent, twice);
}

const padded: Sampler = (random) => {
  const shape = extents(random, [1, 3], [2, 4]);
  const x = uniform(random, shape);
  const widths = shape.map(() => [random.int(0, 3), random.int(0, 3)]);
  const mode = random.pick([
    "constant",
    "edge",
    "reflect",
    "symmetric",
    "maximum",
  ]);
  const output = build(
    shape.map((extent, axis) => extent + sum(widths[axis]!)),
    (index) => {
      const source = index.map((i, axis) => i - widths[axis]![0]!);
      const isOutside = source.some((i, axis) => i < 0 || i >= shape[axis]!);
      if (mode === "constant" && isOutside) return 1.5;
      if (mode === "maximum") {
        const cells = indicesOf(shape).filter((cell) =>
          source.every((i, axis) =>
            i < 0 || i >= shape[axis]! || i === cell[axis]
          )
        );
        return Math.max(...cells.map((cell) => at(x, cell)));
      }
      return at(
        x,
        source.map((i, axis) =>
          mode === "edge"
            ? Math.min(shape[axis]! - 1, Math.max(0, i))
            : mirrored(i, shape[axis]!, mode === "symmetric")
        ),
      );
    },
  );
  const pad_width = `(${
    widths.map(([before, after]) => `(${before}, ${after})`).join(", ")
  },)`;
  return {
    attributes: { mode, pad_width, constant_value: 1.5 },
    inputs: [x],
    outputs: [output],
  };
};

const shapeSamplers: Samplers = {
  _npi_concatenate: (random) => {
    const shape = extents(random, [1, 3]);
    const axis = random.int(0, shape.length - 1);
    const inputs = range(random.int(1, 3)).map(() =>
      uniform(random, shape.with(axis, random.int(1, 3)))
    );
    const isFlat = random.next() < 0.3;
    const data = inputs.flatMap((x) => x.data);
    return {
      attributes: {
        num_args: inputs.length,
        axis: isFlat ? "None" : random.pick([axis, axis - shape.length]),
      },
      inputs,
      outputs: [isFlat ? { shape: [data.length], data } : joined(inputs, axis)],
    };
  },
  _npi_hstack: stack(1, 1),
  _npi_vstack: stack(0, 2),
  _npi_dstack: stack(2, 3),
  _npi_column_stack: (random) => {
    const rows = random.int(1, 4);
    const inputs = range(random.int(1, 3)).map(() =>
      uniform(random, random.pick([[rows], [rows, random.int(1, 3)]]))
    );
    const parts = inputs.map((x) =>
      x.shape.length === 1 ? shaped(x, [rows, 1]) : x
    );
    return {
      attributes: { num_args: inputs.length },
      inputs,
      outputs: [joined(parts, 1)],
    };
  },
  _np_atleast_1d: atLeast(1),
  _np_atleast_2d: atLeast(2),
  _np_atleast_3d: atLeast(3),
  _np_moveaxis: (random) => {
    const x = uniform(random, extents(random, [3, 3]));
    const { source, destination, order } = random.pick([
      { source: [0], destination: [2], order: [1, 2, 0] },
      { source: [2], destination: [0], order: [2, 0, 1] },
      { source: [0, 1], destination: [-1, 0], order: [1, 2, 0] },
      { source: [0, 2], destination: [1, 0], order: [2, 0, 1] },
    ]);
    const output = build(
      order.map((axis) => x.shape[axis]!),
      (i) => at(x, range(3).map((axis) => i[order.indexOf(axis)]!)),
    );
    return {
      attributes: { source, destination },
      inputs: [x],
      outputs: [output],
    };
  },
  _np_roll: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    const shift = random.int(-5, 5);
    const isFlat = random.next() < 0.4;
    const axis = random.int(0, x.shape.length - 1);
    const back = (i: number, extent: number) =>
      ((i - shift) % extent + extent) % extent;
    const data = x.data.map((_, i) => x.data[back(i, x.data.length)]!);
    const along = build(
      x.shape,
      (i) => at(x, i.with(axis, back(i[axis]!, x.shape[axis]!))),
    );
    return {
      attributes: { shift: [shift], ...(!isFlat && { axis: [axis] }) },
      inputs: [x],
      outputs: [isFlat ? { shape: x.shape, data } : along],
    };
  },
  _npi_rot90: (random) => {
    const x = uniform(random, extents(random, [3, 3]));
    const [a, b] = random.pick([[0, 1], [1, 0], [0, 2], [2, 1]] as const);
    const once = (y: NaiveArray): NaiveArray =>
      build(
        y.shape.with(a, y.shape[b]!).with(b, y.shape[a]!),
        (i) => at(y, i.with(a, i[b]!).with(b, y.shape[b]! - 1 - i[a]!)),
      );
    const k = random.int(-1, 4);
    const output = range((k + 4) % 4).reduce(once, x);
    return { attributes: { k, axes: [a, b] }, inputs: [x], outputs: [output] };
  },
  _npi_pad: padded,
  _npi_diff: (random) => {
    const x = uniform(random, extents(random, [1, 3], [3, 4]));
    const axis = random.int(0, x.shape.length - 1);
    const n = random.int(0, 2);
    const once = (y: NaiveArray): NaiveArray =>
      build(
        y.shape.with(axis, y.shape[axis]! - 1),
        (i) => at(y, i.with(axis, i[axis]! + 1)) - at(y, i),
      );
    return {
      attributes: { n, axis },
      inputs: [x],
      outputs: [range(n).reduce(once, x)],
    };
  },
  _npi_tril: triangle((above, k) => above <= k),
  _npi_triu: triangle((above, k) => above >= k),
};

function window(height: (turn: number) => number): Sampler {
  return (random) => {
    const M = random.int(1, 8);
    const output = build(
      [M],
      ([i]) => M === 1 ? 1 : height(2 * Math.PI * i! / (M - 1)),
    );
    return { attributes: { M }, inputs: [], outputs: [output] };
  };
}

const creationSamplers: Samplers = {
  _npi_full_like: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    return {
      attributes: { fill_value: 2.5 },
      inputs: [x],
      outputs: [map(x, () => 2.5)],
    };
  },
  _npi_identity: (random) => {
    const size = random.int(1, 5);
    return {
      attributes: { shape: [size, size] },
      inputs: [],
      outputs: [build([size, size], ([a, b]) => a === b ? 1 : 0)],
    };
  },
  _npi_indices: (random) => {
    const dimensions = extents(random, [1, 3]);
    const output = build(
      [dimensions.length, ...dimensions],
      ([axis, ...index]) => index[axis!]!,
    );
    return { attributes: { dimensions }, inputs: [], outputs: [output] };
  },
  _npi_logspace: (random) => {
    const num = random.int(2, 5);
    const endpoint = random.next() < 0.5;
    const step = 2 / (endpoint ? num - 1 : num);
    return {
      attributes: { start: -1, stop: 1, num, endpoint, base: 2 },
      inputs: [],
      outputs: [build([num], ([i]) => 2 ** (i! * step - 1))],
    };
  },
  _npi_hanning: window((t) => 0.5 - 0.5 * Math.cos(t)),
  _npi_hamming: window((t) => 0.54 - 0.46 * Math.cos(t)),
  _npi_blackman: window((t) =>
    0.42 - 0.5 * Math.cos(t) + 0.08 * Math.cos(2 * t)
  ),
};

/** Numpy mode beyond what differs from the older operators. */
export const moreNumpySamplers: Samplers = {
  ...arithmeticSamplers,
  ...productSamplers,
  ...shapeSamplers,
  ...creationSamplers,
};
