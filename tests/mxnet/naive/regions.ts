/**
 * Regions of two-stage detectors.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  distinct,
  indicesOf,
  map,
  type NaiveArray,
  range,
  sum,
  uniform,
} from "./array.ts";
import type { Sample, Sampler, Samplers } from "./sample.ts";

const CLOSE = { atol: 1e-3, rtol: 1e-3 };

/** Rows of [image, x1, y1, x2, y2], whose corners are not whole. */
function boxesIn(random: Random, images: number): NaiveArray {
  const rows = range(random.int(1, 4)).map(() => {
    const [x, y] = [random.next() * 6 - 1, random.next() * 6 - 1];
    const [w, h] = [random.next() * 5, random.next() * 5];
    return [random.int(0, images - 1), x, y, x + w, y + h].map(Math.fround);
  });
  return { shape: [rows.length, 5], data: rows.flat() };
}

const inside = (n: number, low: number, high: number) =>
  Math.min(high, Math.max(low, n));

const rounded = (n: number) => Math.sign(n) * Math.floor(Math.abs(n) + 0.5);

/** The element at or between pixels. */
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
      return weight === 0 ? 0 : weight * at(x, [...head, top + a!, left + b!]);
    }),
  );
}

/** Where a region starts and how long it is, along both axes; down first. */
function spansOf(
  boxes: NaiveArray,
  row: number,
  { scale, shift }: { readonly scale: number; readonly shift: number },
) {
  return [2, 1].map((i) => {
    const start = rounded(at(boxes, [row, i])) * scale + shift;
    const end = (rounded(at(boxes, [row, i + 2])) + 1) * scale + shift;
    return { start, length: Math.max(end - start, 0.1) };
  });
}

const positionPooling: Sampler = (random) => {
  const [output_dim, pooled_size] = [random.int(1, 3), random.int(1, 4)];
  const group_size = random.int(1, 3);
  const images = random.int(1, 2);
  const spatial_scale = random.pick([1, 0.5, 0.75]);
  const channels = output_dim * group_size * group_size;
  const size = [random.int(3, 6), random.int(3, 6)];
  const x = uniform(random, [images, channels, ...size]);
  const boxes = boxesIn(random, images);
  const output = build(
    [boxes.shape[0]!, output_dim, pooled_size, pooled_size],
    ([row, c, ...bin]) => {
      const view = { scale: spatial_scale, shift: 0 };
      const [down, right] = spansOf(boxes, row!, view).map(
        ({ start, length }, axis) => {
          const cell = Math.fround(length / pooled_size);
          const edge = (i: number) =>
            Math.fround(Math.fround(i * cell) + start);
          const low = Math.floor(edge(bin[axis]!));
          const high = Math.ceil(edge(bin[axis]! + 1));
          const [from, to] = [low, high].map((n) => inside(n, 0, size[axis]!));
          return range(Math.max(0, to! - from!)).map((i) => from! + i);
        },
      );
      const place = bin.map((i) => Math.floor(i * group_size / pooled_size));
      const channel = (c! * group_size + place[0]!) * group_size + place[1]!;
      const image = at(boxes, [row!, 0]);
      const cells = down!.flatMap((y) =>
        right!.map((z) => at(x, [image, channel, y, z]))
      );
      return cells.length === 0 ? 0 : sum(cells) / cells.length;
    },
  );
  return {
    attributes: { output_dim, pooled_size, group_size, spatial_scale },
    inputs: [x, boxes],
    outputs: [output],
    tolerance: CLOSE,
  };
};

const bentPooling: Sampler = (random) => {
  const [output_dim, pooled_size] = [random.pick([2, 4]), random.int(1, 3)];
  const [group_size, part_size] = [random.int(1, 3), random.int(1, 3)];
  const [images, classes] = [random.int(1, 2), random.int(1, 2)];
  const sample_per_part = random.int(1, 3);
  const [spatial_scale, trans_std] = [random.pick([1, 0.5]), 0.25];
  const no_trans = random.next() < 0.3;
  const channels = output_dim * group_size * group_size;
  const size = [random.int(3, 6), random.int(3, 6)];
  const x = uniform(random, [images, channels, ...size]);
  const boxes = boxesIn(random, images);
  const rows = boxes.shape[0]!;
  const trans = uniform(random, [rows, 2 * classes, part_size, part_size]);
  const output = build(
    [rows, output_dim, pooled_size, pooled_size],
    ([row, c, ...bin]) => {
      const view = { scale: spatial_scale, shift: -0.5 };
      const part = bin.map((i) => Math.floor(i * part_size / pooled_size));
      const kind = Math.floor(c! / (output_dim / classes));
      const places = spansOf(boxes, row!, view).map(
        ({ start, length }, axis) => {
          const share = no_trans
            ? 0
            : at(trans, [row!, 2 * kind + 1 - axis, ...part]) * trans_std;
          const cell = length / pooled_size;
          return range(sample_per_part).map((i) =>
            start + bin[axis]! * cell + share * length +
            i * cell / sample_per_part
          );
        },
      );
      const place = bin.map((i) => Math.floor(i * group_size / pooled_size));
      const channel = (c! * group_size + place[0]!) * group_size + place[1]!;
      const image = at(boxes, [row!, 0]);
      const samples = places[0]!.flatMap((y) =>
        places[1]!.flatMap((z) => {
          const far = (n: number, extent: number) =>
            n < -0.5 || n > extent - 0.5;
          if (far(y, size[0]!) || far(z, size[1]!)) return [];
          const point = [y, z].map((n, i) => inside(n, 0, size[i]! - 1));
          return [between(x, [image, channel], point as [number, number])];
        })
      );
      return samples.length === 0 ? 0 : sum(samples) / samples.length;
    },
  );
  return {
    attributes: {
      output_dim,
      pooled_size,
      group_size,
      part_size,
      sample_per_part,
      spatial_scale,
      trans_std,
      no_trans,
    },
    inputs: no_trans ? [x, boxes] : [x, boxes, trans],
    outputs: [output],
    tolerance: CLOSE,
  };
};

const turnedPooling: Sampler = (random) => {
  const images = random.int(1, 2);
  const pooled_size = [random.int(1, 3), random.int(1, 3)];
  const [sampling_ratio, spatial_scale] = [random.int(1, 3), 0.5];
  const size = [random.int(3, 6), random.int(3, 6)];
  const x = uniform(random, [images, random.int(1, 3), ...size]);
  const some = (low: number, high: number) =>
    Math.fround(low + random.next() * (high - low));
  const rows = range(random.int(1, 4)).map(() => [
    random.int(0, images - 1),
    ...[some(-1, 12), some(-1, 12), some(0, 9), some(0, 9), some(-180, 180)],
  ]);
  const output = build(
    [rows.length, x.shape[1]!, ...pooled_size],
    ([row, channel, ...bin]) => {
      const [image, cx, cy, w, h, degrees] = rows[row!] as number[];
      const places = [h!, w!].map((extent, axis) => {
        const length = Math.max(1, extent * spatial_scale);
        const cell = length / pooled_size[axis]!;
        return range(sampling_ratio).map((i) =>
          bin[axis]! * cell - length / 2 + (i + 0.5) * cell / sampling_ratio
        );
      });
      const angle = degrees! * Math.PI / 180;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const samples = places[0]!.flatMap((yy) =>
        places[1]!.map((xx) => {
          const point = [
            yy * cosine - xx * sine + cy! * spatial_scale,
            xx * cosine + yy * sine + cx! * spatial_scale,
          ];
          if (point.some((n, i) => n < -1 || n > size[i]!)) return 0;
          const near = point.map((n, i) => inside(n, 0, size[i]! - 1));
          return between(x, [image!, channel!], near as [number, number]);
        })
      );
      return sum(samples) / samples.length;
    },
  );
  return {
    attributes: { pooled_size, sampling_ratio, spatial_scale },
    inputs: [x, { shape: [rows.length, 6], data: rows.flat() }],
    outputs: [output],
    tolerance: CLOSE,
  };
};

interface Candidate {
  readonly box: readonly number[];
  readonly score: number;
}

function overlap(a: readonly number[], b: readonly number[]): number {
  const side = (i: number) =>
    Math.max(0, Math.min(a[i + 2]!, b[i + 2]!) - Math.max(a[i]!, b[i]!) + 1);
  const area = (box: readonly number[]) =>
    (box[2]! - box[0]! + 1) * (box[3]! - box[1]! + 1);
  const shared = side(0) * side(1);
  return shared / (area(a) + area(b) - shared);
}

/** Picks candidates greedily and repeats them until there are enough. */
function picked(
  candidates: readonly Candidate[],
  { before, wanted, threshold }: {
    readonly before: number;
    readonly wanted: number;
    readonly threshold: number;
  },
): readonly Candidate[] {
  const sorted = candidates.toSorted((a, b) => b.score - a.score);
  const kept: Candidate[] = [];
  for (const candidate of sorted.slice(0, before)) {
    const apart = kept.every(({ box }) =>
      overlap(box, candidate.box) <= threshold
    );
    if (apart) kept.push(candidate);
  }
  const found = kept.slice(0, wanted);
  return range(wanted).map((i) => found[i % found.length]!);
}

const proposals: Sampler = (random): Sample => {
  const [images, height, width] = [random.int(1, 3), 3, random.int(2, 3)];
  const [scales, ratios] = [[1, 2], random.pick([[1], [0.5, 2]])];
  const [feature_stride, threshold] = [8, 0.5];
  const rpn_pre_nms_top_n = random.pick([-1, 4, 100]);
  const rpn_post_nms_top_n = random.int(1, 8);
  const anchors = scales.length * ratios.length;
  const scores = distinct(random, [images, 2 * anchors, height, width]);
  const probabilities = map(scores, (n) => 0.5 + n / 1024);
  const deltas = uniform(random, [images, 4 * anchors, height, width], [-1, 1]);
  const info = [height * 8 - random.int(0, 9), width * 8, 1];
  const shapes = ratios.flatMap((ratio) =>
    scales.map((scale) => {
      const side = Math.floor(
        Math.sqrt(Math.floor(feature_stride ** 2 / ratio)) + 0.5,
      );
      return [side * scale, Math.floor(side * ratio + 0.5) * scale];
    })
  );
  const rows = range(images).flatMap((image) => {
    const candidates = indicesOf([height, width, anchors]).map(([y, x, a]) => {
      const centre = [x!, y!].map((i) => i * feature_stride + 3.5);
      const move = range(4).map((i) => at(deltas, [image, 4 * a! + i, y!, x!]));
      const sides = [0, 1].map((i) => {
        const extent = shapes[a!]![i]!;
        const at = move[i]! * extent + centre[i]!;
        const half = (Math.exp(move[i + 2]!) * extent - 1) / 2;
        const last = info[1 - i]! - 1;
        return [inside(at - half, 0, last), inside(at + half, 0, last)];
      });
      const box = [sides[0]![0]!, sides[1]![0]!, sides[0]![1]!, sides[1]![1]!];
      const absent = y! >= Math.floor(info[0]! / feature_stride);
      const score = at(probabilities, [image, anchors + a!, y!, x!]);
      return { box, score: absent ? -1 : score };
    });
    const before = rpn_pre_nms_top_n < 0 ? 1000 : rpn_pre_nms_top_n;
    const wanted = rpn_post_nms_top_n;
    return picked(candidates, { before, wanted, threshold }).map((row) => ({
      ...row,
      image,
    }));
  });
  return {
    attributes: {
      scales,
      ratios,
      feature_stride,
      threshold,
      rpn_pre_nms_top_n,
      rpn_post_nms_top_n,
      rpn_min_size: 0,
      output_score: true,
    },
    inputs: [
      probabilities,
      deltas,
      { shape: [images, 3], data: range(images).flatMap(() => info) },
    ],
    outputs: [
      {
        shape: [rows.length, 5],
        data: rows.flatMap(({ image, box }) => [image, ...box]),
      },
      { shape: [rows.length, 1], data: rows.map(({ score }) => score) },
    ],
    tolerance: CLOSE,
  };
};

/** Regions of two-stage detectors. */
export const twoStageSamplers: Samplers = {
  _contrib_Proposal: proposals,
  _contrib_PSROIPooling: positionPooling,
  _contrib_DeformablePSROIPooling: bentPooling,
  _contrib_RROIAlign: turnedPooling,
};
