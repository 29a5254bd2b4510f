/**
 * Numpy mode: shapes.
 *
 * @module
 */

import {
  at,
  build,
  extents,
  indicesOf,
  map,
  type NaiveArray,
  range,
  shaped,
  sum,
  uniform,
} from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

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

/** Numpy mode: shapes. */
export const numpyShapeSamplers: Samplers = {
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
