/**
 * Assignment and places, transforms, and changes of images.
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
  range,
  sum,
  uniform,
} from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

/** Which places of each axis a random slice names. */
function slicing(random: Random, shape: readonly number[]) {
  const axes = shape.map((extent) => {
    const step = random.pick([1, 2, -1]);
    const low = random.int(0, extent - 1);
    const high = random.int(low, extent - 1);
    const places = range(extent).filter((i) =>
      i >= low && i <= high &&
      (step > 0 ? (i - low) % step === 0 : true)
    );
    const end = step > 0 ? high + 1 : low === 0 ? undefined : low - 1;
    return {
      begin: step > 0 ? low : high,
      end,
      step,
      places: step > 0 ? places : places.toReversed(),
    };
  });
  return {
    places: axes.map(({ places }) => places),
    attributes: {
      begin: axes.map(({ begin }) => begin),
      end: axes.map(({ end }) => end),
      step: axes.map(({ step }) => step),
    },
  };
}

function assignment(byNumber: boolean): Sampler {
  return (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    const { places, attributes } = slicing(random, x.shape);
    const fresh = uniform(random, places.map((list) => list.length));
    const output = map(x, (n, index) => {
      const from = index.map((i, axis) => places[axis]!.indexOf(i));
      if (from.some((i) => i < 0)) return n;
      return byNumber ? 1.5 : at(fresh, from);
    });
    return {
      attributes: { ...attributes, ...(byNumber && { scalar: 1.5 }) },
      inputs: byNumber ? [x] : [x, fresh],
      outputs: [output],
    };
  };
}

/** Real and imaginary parts by the definition. */
const spectrum: Sampler = (random) => {
  const x = uniform(random, [random.int(1, 3), random.int(1, 6)]);
  const [rows, length] = x.shape as [number, number];
  const output = build([rows, 2 * length], ([row, column]) => {
    const frequency = Math.floor(column! / 2);
    return sum(
      range(length).map((i) => {
        const turn = -2 * Math.PI * frequency * i / length;
        const part = column! % 2 === 0 ? Math.cos(turn) : Math.sin(turn);
        return at(x, [row!, i]) * part;
      }),
    );
  });
  return { inputs: [x], outputs: [output] };
};

const fromSpectrum: Sampler = (random) => {
  const [rows, length] = [random.int(1, 3), random.int(1, 6)];
  const x = uniform(random, [rows, 2 * length]);
  const output = build(
    [rows, length],
    ([row, i]) =>
      sum(
        range(length).map((frequency) => {
          const turn = 2 * Math.PI * frequency * i! / length;
          return at(x, [row!, 2 * frequency]) * Math.cos(turn) -
            at(x, [row!, 2 * frequency + 1]) * Math.sin(turn);
        }),
      ),
  );
  return { inputs: [x], outputs: [output] };
};

const countSketch: Sampler = (random) => {
  const [rows, length] = [random.int(1, 3), random.int(1, 6)];
  const out_dim = random.int(1, 5);
  const x = uniform(random, [rows, length]);
  const h = integers(random, [1, length], [0, out_dim - 1]);
  const s = build([1, length], () => random.pick([-1, 1]));
  const output = build(
    [rows, out_dim],
    ([row, bucket]) =>
      sum(
        range(length).filter((i) => at(h, [0, i]) === bucket).map((i) =>
          at(s, [0, i]) * at(x, [row!, i])
        ),
      ),
  );
  return { attributes: { out_dim }, inputs: [x, h, s], outputs: [output] };
};

function image(random: Random): NaiveArray {
  const head = random.pick([[], [1], [2]]);
  const size = [random.int(1, 5), random.int(1, 5), 3];
  return uniform(random, [...head, ...size], [0, 255]);
}

function flip(axis: number): Sampler {
  return (random) => {
    const x = image(random);
    const place = x.shape.length + axis;
    const output = map(x, (_, index) => {
      const mirrored = x.shape[place]! - 1 - index[place]!;
      return at(x, index.with(place, mirrored));
    });
    return { inputs: [x], outputs: [output] };
  };
}

const resize: Sampler = (random) => {
  const x = image(random);
  const rank = x.shape.length;
  const [height, width] = x.shape.slice(-3, -1) as [number, number];
  const interp = random.int(0, 1);
  const size = [random.int(1, 8), random.int(1, 8)] as const;
  const shape = x.shape.with(rank - 3, size[1]).with(rank - 2, size[0]);
  const along = (i: number, from: number, to: number) => {
    if (interp === 0) return [[Math.floor(i * from / to), 1]] as const;
    const at = Math.min(from - 1, Math.max(0, (i + 0.5) * from / to - 0.5));
    const low = Math.floor(at);
    const high = Math.min(from - 1, low + 1);
    return [[low, 1 - (at - low)], [high, at - low]] as const;
  };
  const output = build(shape, (index) => {
    const [y, z] = index.slice(-3, -1) as [number, number];
    return sum(
      along(y, height, size[1]).flatMap(([row, a]) =>
        along(z, width, size[0]).map(([column, b]) =>
          a * b * at(x, index.with(rank - 3, row).with(rank - 2, column))
        )
      ),
    );
  });
  return {
    attributes: { size, interp },
    inputs: [x],
    outputs: [output],
    tolerance: { atol: 1e-2, rtol: 1e-4 },
  };
};

const EIGENVALUES = [55.46, 4.794, 1.148];
const EIGENVECTORS = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
];

/** Assignment, transforms and changes of images. */
export const placeSamplers: Samplers = {
  _slice_assign: assignment(false),
  _slice_assign_scalar: assignment(true),
  cast_storage: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    return { attributes: { stype: "default" }, inputs: [x], outputs: [x] };
  },
  _contrib_index_array: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    const rank = x.shape.length;
    const axes = range(random.int(1, 3)).map(() => random.int(-rank, rank - 1));
    const output = build(
      [...x.shape, axes.length],
      (i) => i.slice(0, -1).at(axes[i.at(-1)!]!)!,
    );
    return { attributes: { axes }, inputs: [x], outputs: [output] };
  },
  _contrib_allclose: (random) => {
    const a = uniform(random, extents(random, [1, 3]));
    const gap = random.pick([0, 1e-3, 1e-1]);
    const b = map(a, (n) => n + gap);
    const attributes = { rtol: 1e-5, atol: 1e-2 };
    const close = gap < 1e-2 ? 1 : 0;
    return {
      attributes,
      inputs: [a, b],
      outputs: [{ shape: [], data: [close] }],
    };
  },
  _contrib_fft: spectrum,
  _contrib_ifft: fromSpectrum,
  _contrib_count_sketch: countSketch,
  _image_resize: resize,
  _image_flip_left_right: flip(-2),
  _image_flip_top_bottom: flip(-3),
  _image_adjust_lighting: (random) => {
    const x = image(random);
    const alpha = range(3).map(() => random.int(-9, 9) / 10);
    const light = EIGENVECTORS.map((row) =>
      sum(row.map((n, i) => n * EIGENVALUES[i]! * alpha[i]!))
    );
    const output = map(x, (n, i) => n + light[i.at(-1)!]!);
    return { attributes: { alpha }, inputs: [x], outputs: [output] };
  },
};
