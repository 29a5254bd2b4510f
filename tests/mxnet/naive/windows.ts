/**
 * Windows that slide over images: correlation, columns, bent kernels.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  atOr,
  build,
  indicesOf,
  type NaiveArray,
  product,
  range,
  sum,
  uniform,
} from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

interface Sliding {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilate: readonly number[];
  readonly pad: readonly number[];
}

function sliding(random: Random, rank: number): Sliding {
  const each = (low: number, high: number) =>
    range(rank).map(() => random.int(low, high));
  return {
    kernel: each(1, 3),
    stride: each(1, 3),
    dilate: each(1, 2),
    pad: each(0, 2),
  };
}

/** How many places the window has. */
function placesOf(
  extents: readonly number[],
  { kernel, stride, dilate, pad }: Sliding,
): readonly number[] {
  return extents.map((extent, i) =>
    Math.floor(
      (extent + 2 * pad[i]! - dilate[i]! * (kernel[i]! - 1) - 1) / stride[i]!,
    ) + 1
  );
}

/** The pixel that a tap of the window at a place meets. */
function pixelOf(
  place: readonly number[],
  tap: readonly number[],
  { stride, dilate, pad }: Sliding,
): readonly number[] {
  return place.map((at, i) => at * stride[i]! - pad[i]! + tap[i]! * dilate[i]!);
}

const toColumns: Sampler = (random) => {
  const rank = random.int(1, 2);
  const window = sliding(random, rank);
  const extents = range(rank).map(() => random.int(5, 8));
  const [batch, channels] = [random.int(1, 3), random.int(1, 3)];
  const x = uniform(random, [batch, channels, ...extents]);
  const taps = indicesOf(window.kernel);
  const places = indicesOf(placesOf(extents, window));
  const output = build(
    [batch, channels * taps.length, places.length],
    ([n, row, place]) => {
      const tap = taps[row! % taps.length]!;
      const channel = Math.floor(row! / taps.length);
      const pixel = pixelOf(places[place!]!, tap, window);
      return atOr(x, [n!, channel, ...pixel], 0);
    },
  );
  return { attributes: { ...window }, inputs: [x], outputs: [output] };
};

const fromColumns: Sampler = (random) => {
  const rank = random.int(1, 2);
  const window = sliding(random, rank);
  const output_size = range(rank).map(() => random.int(5, 8));
  const [batch, channels] = [random.int(1, 3), random.int(1, 3)];
  const taps = indicesOf(window.kernel);
  const places = indicesOf(placesOf(output_size, window));
  const x = uniform(random, [batch, channels * taps.length, places.length]);
  const output = build(
    [batch, channels, ...output_size],
    ([n, channel, ...pixel]) =>
      sum(taps.flatMap((tap, t) =>
        places.flatMap((place, p) => {
          const meets = pixelOf(place, tap, window).join() === pixel.join();
          return meets ? [at(x, [n!, channel! * taps.length + t, p])] : [];
        })
      )),
  );
  return {
    attributes: { ...window, output_size },
    inputs: [x],
    outputs: [output],
  };
};

const correlation: Sampler = (random) => {
  const kernel_size = random.pick([1, 3]);
  const max_displacement = random.int(0, 3);
  const stride1 = random.int(1, 2);
  const stride2 = random.int(1, 2);
  const pad_size = random.int(1, 4);
  const is_multiply = random.next() < 0.5;
  const border = max_displacement + (kernel_size - 1) / 2;
  const side = () => random.int(1, 5) + 2 * Math.max(0, border - pad_size);
  const shape = [random.int(1, 3), random.int(1, 3), side(), side()];
  const [a, b] = [uniform(random, shape), uniform(random, shape)];
  const radius = Math.floor(max_displacement / stride2);
  const grid = 2 * radius + 1;
  const count = (extent: number) =>
    Math.ceil((extent + 2 * pad_size - 2 * border) / stride1);
  const patch = indicesOf([shape[1]!, kernel_size, kernel_size]);
  const output = build(
    [shape[0]!, grid * grid, count(shape[2]!), count(shape[3]!)],
    ([n, shift, y, x]) => {
      const down = (Math.floor(shift! / grid) - radius) * stride2;
      const right = (shift! % grid - radius) * stride2;
      return sum(patch.map(([c, dy, dx]) => {
        const row = y! * stride1 + max_displacement + dy! - pad_size;
        const column = x! * stride1 + max_displacement + dx! - pad_size;
        const first = atOr(a, [n!, c!, row, column], 0);
        const second = atOr(b, [n!, c!, row + down, column + right], 0);
        return is_multiply ? first * second : Math.abs(first - second);
      })) / patch.length;
    },
  );
  const attributes = {
    kernel_size,
    max_displacement,
    stride1,
    stride2,
    pad_size,
    is_multiply,
  };
  return { attributes, inputs: [a, b], outputs: [output] };
};

/** The element between four pixels, 0 for those outside. */
function between(
  x: NaiveArray,
  head: readonly number[],
  [y, z]: readonly [number, number],
): number {
  const [top, left] = [Math.floor(y), Math.floor(z)];
  return sum(
    indicesOf([2, 2]).map(([a, b]) => {
      const weight = (1 - Math.abs(y - top - a!)) *
        (1 - Math.abs(z - left - b!));
      return weight * atOr(x, [...head, top + a!, left + b!], 0);
    }),
  );
}

function deformable(modulated: boolean): Sampler {
  return (random) => {
    const window = sliding(random, 2);
    const [groups, bends] = [random.int(1, 2), random.int(1, 2)];
    const [batch, channels] = [random.int(1, 3), random.pick([2, 4])];
    const filters = groups * random.int(1, 2);
    const extents = [random.int(5, 7), random.int(5, 7)] as [number, number];
    const places = placesOf(extents, window);
    const taps = indicesOf(window.kernel);
    const points = bends * taps.length;
    const x = uniform(random, [batch, channels, ...extents]);
    const offset = uniform(random, [batch, 2 * points, ...places]);
    const mask = uniform(random, [batch, points, ...places]);
    const inGroup = channels / groups;
    const weight = uniform(random, [filters, inGroup, ...window.kernel]);
    const bias = uniform(random, [filters]);
    const sample = (head: readonly number[], at: readonly number[]) => {
      const [y, z] = at as [number, number];
      if (modulated) return between(x, head, [y, z]);
      const inside = y >= 0 && z >= 0 && y < extents[0] && z < extents[1];
      const last = ([height, width]: readonly number[]) =>
        [Math.min(y, height! - 1), Math.min(z, width! - 1)] as const;
      return inside ? between(x, head, last(extents)) : 0;
    };
    const output = build(
      [batch, filters, ...places],
      ([n, filter, ...place]) =>
        at(bias, [filter!]) +
        sum(
          range(inGroup).flatMap((c) =>
            taps.map((tap, t) => {
              const group = Math.floor(filter! / (filters / groups));
              const channel = group * inGroup + c;
              const bend = Math.floor(channel / (channels / bends));
              const point = bend * taps.length + t;
              const pixel = pixelOf(place, tap, window).map((rest, axis) =>
                rest + at(offset, [n!, 2 * point + axis, ...place])
              );
              return at(weight, [filter!, c, ...tap]) *
                sample([n!, channel], pixel) *
                (modulated ? at(mask, [n!, point, ...place]) : 1);
            })
          ),
        ),
    );
    const inputs = modulated
      ? [x, offset, mask, weight, bias]
      : [x, offset, weight, bias];
    return {
      attributes: {
        ...window,
        num_filter: filters,
        num_group: groups,
        num_deformable_group: bends,
      },
      inputs,
      parameters: [inputs.length - 2, inputs.length - 1],
      outputs: [output],
      tolerance: { atol: 1e-3 * product(window.kernel), rtol: 1e-3 },
    };
  };
}

/** Windows that slide over images. */
export const windowSamplers: Samplers = {
  im2col: toColumns,
  col2im: fromColumns,
  Correlation: correlation,
  _contrib_DeformableConvolution: deformable(false),
  _contrib_ModulatedDeformableConvolution: deformable(true),
};
