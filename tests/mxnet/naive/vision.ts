/**
 * Resizing, regions and detection.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  atOr,
  build,
  map,
  type NaiveArray,
  range,
  sum,
  uniform,
} from "./array.ts";
import type { Sample, Samplers } from "./sample.ts";

const CLOSE = { atol: 1e-4, rtol: 1e-3 };

function images(random: Random): NaiveArray {
  return uniform(random, [
    random.int(1, 3),
    random.int(1, 3),
    random.int(2, 6),
    random.int(2, 6),
  ]);
}

/** The element between four pixels; pixels outside are `outside` or the edge. */
function between(
  x: NaiveArray,
  [n, c]: readonly number[],
  [y, z]: readonly [number, number],
): number {
  const [top, left] = [Math.floor(y), Math.floor(z)];
  const [dy, dz] = [y - top, z - left];
  const pixel = (a: number, b: number) => atOr(x, [n!, c!, a, b], 0);
  return (1 - dy) * ((1 - dz) * pixel(top, left) + dz * pixel(top, left + 1)) +
    dy * ((1 - dz) * pixel(top + 1, left) + dz * pixel(top + 1, left + 1));
}

const inside = (n: number, extent: number) =>
  Math.min(extent - 1, Math.max(0, n));

/** Resizing. */
export const resizingSamplers: Samplers = {
  UpSampling: (random) => {
    const x = images(random);
    const scale = random.int(1, 3);
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const output = build(
      [n, c, h * scale, w * scale],
      ([i, k, y, z]) =>
        at(x, [i!, k!, Math.floor(y! / scale), Math.floor(z! / scale)]),
    );
    return {
      attributes: { scale, sample_type: "nearest", num_args: 1 },
      inputs: [x],
      outputs: [output],
    };
  },
  _contrib_BilinearResize2D: (random) => {
    const x = images(random);
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const [height, width] = [random.int(1, 9), random.int(1, 9)];
    const align_corners = random.next() < 0.5;
    const source = (i: number, from: number, to: number) =>
      align_corners
        ? (to === 1 ? 0 : i * (from - 1) / (to - 1))
        : inside((i + 0.5) * from / to - 0.5, from);
    const output = build(
      [n, c, height, width],
      ([i, k, y, z]) =>
        between(x, [i!, k!], [source(y!, h, height), source(z!, w, width)]),
    );
    return {
      attributes: { height, width, align_corners },
      inputs: [x],
      outputs: [output],
      tolerance: CLOSE,
    };
  },
  _contrib_AdaptiveAvgPooling2D: (random) => {
    const x = images(random);
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const output_size = [random.int(1, 4), random.int(1, 4)] as const;
    const places = (i: number, from: number, to: number) =>
      range(from).slice(
        Math.floor(i * from / to),
        Math.ceil((i + 1) * from / to),
      );
    const output = build([n, c, ...output_size], ([i, k, y, z]) => {
      const cells = places(y!, h, output_size[0]).flatMap((a) =>
        places(z!, w, output_size[1]).map((b) => at(x, [i!, k!, a, b]))
      );
      return sum(cells) / cells.length;
    });
    return { attributes: { output_size }, inputs: [x], outputs: [output] };
  },
};

function affine(
  theta: NaiveArray,
  [height, width]: readonly [number, number],
): NaiveArray {
  const along = (i: number, extent: number) =>
    extent > 1 ? -1 + 2 * i / (extent - 1) : -1;
  return build(
    [theta.shape[0]!, 2, height, width],
    ([n, row, y, x]) =>
      at(theta, [n!, row! * 3]) * along(x!, width) +
      at(theta, [n!, row! * 3 + 1]) * along(y!, height) +
      at(theta, [n!, row! * 3 + 2]),
  );
}

function sampledAt(x: NaiveArray, grid: NaiveArray): NaiveArray {
  const [, , h, w] = x.shape as [number, number, number, number];
  return build(
    [x.shape[0]!, x.shape[1]!, ...grid.shape.slice(2)],
    ([n, c, y, z]) => {
      const place = (axis: number, extent: number) =>
        (at(grid, [n!, axis, y!, z!]) + 1) * (extent - 1) / 2;
      return between(x, [n!, c!], [place(1, h), place(0, w)]);
    },
  );
}

function boxesOn(random: Random, x: NaiveArray): NaiveArray {
  const [count, , h, w] = x.shape as [number, number, number, number];
  return {
    shape: [random.int(1, 4), 5],
    data: range(4).flatMap(() => {
      const [left, top] = [random.int(0, w - 2), random.int(0, h - 2)];
      return [
        random.int(0, count - 1),
        left,
        top,
        random.int(left + 1, w - 1),
        random.int(top + 1, h - 1),
      ];
    }),
  };
}

function trimmed(boxes: NaiveArray): NaiveArray {
  return { ...boxes, data: boxes.data.slice(0, boxes.shape[0]! * 5) };
}

/** Regions and grids. */
export const regionSamplers: Samplers = {
  ROIPooling: (random) => {
    const x = images(random);
    const boxes = trimmed(boxesOn(random, x));
    const pooled_size = [random.int(1, 3), random.int(1, 3)] as const;
    const output = build(
      [boxes.shape[0]!, x.shape[1]!, ...pooled_size],
      ([b, c, ...bin]) => {
        const [image, ...box] = range(5).map((i) => at(boxes, [b!, i])) as [
          number,
          ...number[],
        ];
        const span = (axis: number) => {
          const [low, high] = [box[1 - axis]!, box[3 - axis]!];
          const size = Math.max(1, high - low + 1) / pooled_size[axis]!;
          const extent = x.shape[axis + 2]!;
          const limit = (n: number) => Math.min(extent, Math.max(0, n));
          return [
            limit(low + Math.floor(bin[axis]! * size)),
            limit(low + Math.ceil((bin[axis]! + 1) * size)),
          ] as const;
        };
        const [[top, bottom], [left, right]] = [span(0), span(1)];
        const cells = range(bottom - top).flatMap((y) =>
          range(right - left).map((z) => at(x, [image, c!, top + y, left + z]))
        );
        return cells.length === 0 ? 0 : Math.max(...cells);
      },
    );
    return {
      attributes: { pooled_size, spatial_scale: 1 },
      inputs: [x, boxes],
      outputs: [output],
    };
  },
  _contrib_ROIAlign: (random) => {
    const x = images(random);
    const boxes = trimmed(boxesOn(random, x));
    const pooled_size = [random.int(1, 3), random.int(1, 3)] as const;
    const sample_ratio = random.int(1, 3);
    const aligned = random.next() < 0.5;
    const output = build(
      [boxes.shape[0]!, x.shape[1]!, ...pooled_size],
      ([b, c, ...bin]) => {
        const [image, ...box] = range(5).map((i) => at(boxes, [b!, i])) as [
          number,
          ...number[],
        ];
        const shift = aligned ? 0.5 : 0;
        const places = (axis: number) => {
          const [low, high] = [box[1 - axis]! - shift, box[3 - axis]! - shift];
          const extent = aligned ? high - low : Math.max(1, high - low);
          const size = extent / pooled_size[axis]!;
          return range(sample_ratio).map((i) =>
            low + bin[axis]! * size + (i + 0.5) * size / sample_ratio
          );
        };
        const cells = places(0).flatMap((y) =>
          places(1).map((z) => {
            const [h, w] = x.shape.slice(2) as [number, number];
            if (y < -1 || y > h || z < -1 || z > w) return 0;
            return between(x, [image, c!], [inside(y, h), inside(z, w)]);
          })
        );
        return sum(cells) / cells.length;
      },
    );
    return {
      attributes: { pooled_size, spatial_scale: 1, sample_ratio, aligned },
      inputs: [x, boxes],
      outputs: [output],
      tolerance: CLOSE,
    };
  },
  BilinearSampler: (random) => {
    const x = images(random);
    const grid = uniform(random, [
      x.shape[0]!,
      2,
      random.int(1, 4),
      random.int(1, 4),
    ], [-1.3, 1.3]);
    return {
      inputs: [x, grid],
      outputs: [sampledAt(x, grid)],
      tolerance: CLOSE,
    };
  },
  GridGenerator: (random) => {
    const target_shape = [random.int(2, 4), random.int(2, 4)] as const;
    if (random.next() < 0.5) {
      const theta = uniform(random, [random.int(1, 3), 6]);
      return {
        attributes: { transform_type: "affine", target_shape },
        inputs: [theta],
        outputs: [affine(theta, target_shape)],
      };
    }
    const flow = uniform(random, [random.int(1, 3), 2, ...target_shape]);
    const [h, w] = target_shape;
    const output = map(
      flow,
      (n, [, plane, y, z]) =>
        plane === 0 ? (n + z!) * 2 / (w - 1) - 1 : (n + y!) * 2 / (h - 1) - 1,
    );
    return {
      attributes: { transform_type: "warp" },
      inputs: [flow],
      outputs: [output],
    };
  },
  SpatialTransformer: (random) => {
    const x = images(random);
    const target_shape = [random.int(2, 4), random.int(2, 4)] as const;
    const theta = uniform(random, [x.shape[0]!, 6], [-1, 1]);
    return {
      attributes: {
        transform_type: "affine",
        sampler_type: "bilinear",
        target_shape,
      },
      inputs: [x, theta],
      outputs: [sampledAt(x, affine(theta, target_shape))],
      tolerance: CLOSE,
    };
  },
};

type Box = readonly [number, number, number, number];

function overlap(a: Box, b: Box): number {
  const side = (i: 0 | 1) =>
    Math.max(0, Math.min(a[i + 2]!, b[i + 2]!) - Math.max(a[i]!, b[i]!));
  const area = ([x1, y1, x2, y2]: Box) => (x2 - x1) * (y2 - y1);
  const shared = side(0) * side(1);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

/** Corners with extents of at least a tenth: nothing degenerate. */
function randomBoxes(random: Random, count: number): readonly Box[] {
  return range(count).map(() => {
    const [x, y] = [random.next() * 0.7, random.next() * 0.7].map(
      Math.fround,
    ) as [number, number];
    return [
      x,
      y,
      Math.fround(x + 0.1 + random.next() * 0.2),
      Math.fround(y + 0.1 + random.next() * 0.2),
    ];
  });
}

/** Boxes. */
export const boxSamplers: Samplers = {
  _contrib_box_iou: (random) => {
    const [a, b] = [
      randomBoxes(random, random.int(1, 4)),
      randomBoxes(random, random.int(1, 4)),
    ];
    const array = (boxes: readonly Box[]) => ({
      shape: [boxes.length, 4],
      data: boxes.flat(),
    });
    return {
      inputs: [array(a), array(b)],
      outputs: [
        build([a.length, b.length], ([i, j]) => overlap(a[i!]!, b[j!]!)),
      ],
    };
  },
  _contrib_box_nms: boxNms,
  _contrib_box_decode: (random) => {
    const count = random.int(1, 4);
    const anchors = {
      shape: [1, count, 4],
      data: randomBoxes(random, count).flat(),
    };
    const x = uniform(random, [random.int(1, 3), count, 4]);
    const std = { std0: 0.1, std1: 0.1, std2: 0.2, std3: 0.2 };
    const output = build(x.shape, ([b, i, side]) => {
      const axis = side! % 2;
      const [center, extent] = [
        at(anchors, [0, i!, axis]),
        at(anchors, [0, i!, axis + 2]),
      ];
      const middle = at(x, [b!, i!, axis]) * 0.1 * extent + center;
      const half = Math.exp(at(x, [b!, i!, axis + 2]) * 0.2) * extent / 2;
      return side! < 2 ? middle - half : middle + half;
    });
    return {
      attributes: { ...std, format: "center" },
      inputs: [x, anchors],
      outputs: [output],
    };
  },
};

/** Scores are multiples of an odd fraction, so that none are equal. */
function randomScores(random: Random, count: number): readonly number[] {
  return range(count).map((i) => Math.fround((i + random.next() / 2) / count))
    .toSorted(() => random.next() - 0.5);
}

function boxNms(random: Random): Sample {
  const count = random.int(1, 8);
  const [boxes, scores] = [
    randomBoxes(random, count),
    randomScores(random, count),
  ];
  const [overlap_thresh, valid_thresh, topk] = [0.2, 0.3, random.pick([-1, 3])];
  const force_suppress = random.next() < 0.5;
  const rows = boxes.map((box, i) => [random.int(0, 2), scores[i]!, ...box]);
  const sorted = rows.filter(([, score]) => score! > valid_thresh)
    .toSorted((a, b) => b[1]! - a[1]!).slice(0, topk < 0 ? count : topk);
  const kept: (readonly number[])[] = [];
  for (const row of sorted) {
    const box = (r: readonly number[]) => r.slice(2) as unknown as Box;
    const hidden = kept.some((other) =>
      (force_suppress || other[0] === row[0]) &&
      overlap(box(other), box(row)) > overlap_thresh
    );
    if (!hidden) kept.push(row);
  }
  const blank = range(count - kept.length).map(() => range(6).map(() => -1));
  return {
    attributes: {
      overlap_thresh,
      valid_thresh,
      topk,
      force_suppress,
      id_index: 0,
      score_index: 1,
      coord_start: 2,
    },
    inputs: [{ shape: [1, count, 6], data: rows.flat() }],
    outputs: [{ shape: [1, count, 6], data: [...kept, ...blank].flat() }],
  };
}

/** Single-shot detection. */
export const detectionSamplers: Samplers = {
  _contrib_MultiBoxPrior: (random) => {
    const x = images(random);
    const [h, w] = x.shape.slice(2) as [number, number];
    const sizes = range(random.int(1, 3)).map(() => random.int(1, 9) / 10);
    const ratios = range(random.int(1, 3)).map(() => random.int(1, 4) / 2);
    const clip = random.next() < 0.5;
    const shapes = [
      ...sizes.map((s) => [s, ratios[0]!] as const),
      ...ratios.slice(1).map((r) => [sizes[0]!, r] as const),
    ];
    const output = build([1, h * w * shapes.length, 4], ([, i, side]) => {
      const [s, r] = shapes[i! % shapes.length]!;
      const cell = Math.floor(i! / shapes.length);
      const isX = side! % 2 === 0;
      const center = isX
        ? (cell % w + 0.5) / w
        : (Math.floor(cell / w) + 0.5) / h;
      const half = isX ? s * h / w * Math.sqrt(r) / 2 : s / Math.sqrt(r) / 2;
      const edge = side! < 2 ? center - half : center + half;
      return clip ? Math.min(1, Math.max(0, edge)) : edge;
    });
    return {
      attributes: { sizes, ratios, clip },
      inputs: [x],
      outputs: [output],
    };
  },
  _contrib_MultiBoxDetection: detection,
};

/** No two boxes overlap much: every row stands, best first. */
function detection(random: Random): Sample {
  const count = random.int(1, 4);
  const classes = random.int(1, 3);
  const anchors = range(count).map((i) =>
    [i / 4 + 0.02, 0.1, i / 4 + 0.2, 0.4] as const
  );
  const best = randomScores(random, count).map((s) => Math.max(s, 0.05));
  const ids = range(count).map(() => random.int(0, classes - 1));
  const threshold = 0.2;
  const scores = build(
    [1, classes + 1, count],
    ([, c, i]) => c! - 1 === ids[i!] ? best[i!]! : 0.001,
  );
  const offsets = uniform(random, [1, 4 * count], [-0.2, 0.2]);
  const rows = anchors.map((anchor, i) => {
    const sides = [0, 1].map((axis) => {
      const extent = anchor[axis + 2]! - anchor[axis]!;
      const shift = offsets.data[4 * i + axis]! * 0.1;
      const growth = offsets.data[4 * i + axis + 2]! * 0.2;
      const center = (anchor[axis]! + anchor[axis + 2]!) / 2 + shift * extent;
      const half = Math.exp(growth) * extent / 2;
      return [center - half, center + half].map((n) =>
        Math.min(1, Math.max(0, n))
      );
    }) as [[number, number], [number, number]];
    return [
      ids[i]!,
      best[i]!,
      sides[0][0],
      sides[1][0],
      sides[0][1],
      sides[1][1],
    ];
  });
  const real = rows.filter(([, score]) => score! >= threshold).toSorted((
    a,
    b,
  ) => b[1]! - a[1]!);
  const blank = range(count - real.length).map(() => range(6).map(() => -1));
  return {
    attributes: { threshold, nms_threshold: 0.9 },
    inputs: [scores, offsets, { shape: [1, count, 4], data: anchors.flat() }],
    parameters: [2],
    outputs: [{ shape: [1, count, 6], data: [...real, ...blank].flat() }],
    tolerance: CLOSE,
  };
}
