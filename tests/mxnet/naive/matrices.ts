/**
 * Linear algebra, and images inside a graph.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  extents,
  type Index,
  integers,
  map,
  type NaiveArray,
  range,
  sum,
  uniform,
} from "./array.ts";
import { multiplied, turned } from "./heads.ts";
import type { Samplers } from "./sample.ts";

function square(random: Random): NaiveArray {
  const n = random.int(1, 4);
  return uniform(random, [...extents(random, [0, 2]), n, n]);
}

/** The determinant of a list of rows, by the first row's minors. */
function determinant(rows: readonly (readonly number[])[]): number {
  if (rows.length === 0) return 1;
  const [first = [], ...rest] = rows;
  return sum(
    first.map((n, c) =>
      (c % 2 === 0 ? n : -n) *
      determinant(rest.map((row) => row.toSpliced(c, 1)))
    ),
  );
}

function perMatrix(
  x: NaiveArray,
  formula: (head: Index) => number,
): NaiveArray {
  const shape = x.shape.slice(0, -2);
  return build(
    shape.length === 0 ? [1] : shape,
    (i) => formula(shape.length === 0 ? [] : i),
  );
}

/** Linear algebra. */
export const linearAlgebraSamplers: Samplers = {
  _linalg_syrk: (random) => {
    const a = uniform(random, [
      ...extents(random, [0, 2]),
      random.int(1, 4),
      random.int(1, 4),
    ]);
    const [alpha, transpose] = [random.int(1, 3), random.next() < 0.5];
    const product = transpose
      ? multiplied(turned(a), a)
      : multiplied(a, turned(a));
    return {
      attributes: { alpha, transpose },
      inputs: [a],
      outputs: [map(product, (n) => alpha * n)],
    };
  },
  _linalg_trmm: (random) => {
    const a = square(random);
    const n = a.shape.at(-1)!;
    const [lower, rightside, transpose] = [0, 0, 0].map(() =>
      random.next() < 0.5
    ) as [boolean, boolean, boolean];
    const m = random.int(1, 3);
    const b = uniform(random, [
      ...a.shape.slice(0, -2),
      ...(rightside ? [m, n] : [n, m]),
    ]);
    const triangle = map(
      a,
      (x, i) =>
        (lower ? i.at(-2)! >= i.at(-1)! : i.at(-2)! <= i.at(-1)!) ? x : 0,
    );
    const factor = transpose ? turned(triangle) : triangle;
    const product = rightside ? multiplied(b, factor) : multiplied(factor, b);
    return {
      attributes: { lower, rightside, transpose, alpha: 2 },
      inputs: [a, b],
      outputs: [map(product, (x) => 2 * x)],
    };
  },
  _linalg_extractdiag: (random) => {
    const a = square(random);
    const n = a.shape.at(-1)!;
    const offset = n > 1 ? random.int(-1, 1) : 0;
    const output = build(
      [...a.shape.slice(0, -2), n - Math.abs(offset)],
      (i) => {
        const k = i.at(-1)!;
        return at(a, [
          ...i.slice(0, -1),
          k + Math.max(0, -offset),
          k + Math.max(0, offset),
        ]);
      },
    );
    return { attributes: { offset }, inputs: [a], outputs: [output] };
  },
  _linalg_makediag: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    const offset = random.int(-1, 1);
    const n = x.shape.at(-1)! + Math.abs(offset);
    const output = build([...x.shape.slice(0, -1), n, n], (i) => {
      const [r, c] = i.slice(-2) as [number, number];
      return c - r === offset ? at(x, [...i.slice(0, -2), Math.min(r, c)]) : 0;
    });
    return { attributes: { offset }, inputs: [x], outputs: [output] };
  },
  _linalg_sumlogdiag: (random) => {
    const a = map(square(random), (n) => Math.abs(n) + 0.1);
    const n = a.shape.at(-1)!;
    return {
      inputs: [a],
      outputs: [perMatrix(a, (head) =>
        sum(
          range(n).map((k) => Math.log(at(a, [...head, k, k]))),
        ))],
    };
  },
  _linalg_det: (random) => {
    const a = square(random);
    const n = a.shape.at(-1)!;
    const rows = (head: Index) =>
      range(n).map((r) => range(n).map((c) => at(a, [...head, r, c])));
    return {
      inputs: [a],
      outputs: [perMatrix(a, (head) => determinant(rows(head)))],
      tolerance: { atol: 1e-4, rtol: 1e-3 },
    };
  },
};

/** Images inside a graph. */
export const imageSamplers: Samplers = {
  _image_to_tensor: (random) => {
    const x = integers(random, [
      ...extents(random, [0, 1]),
      random.int(1, 4),
      random.int(1, 4),
      3,
    ], [0, 255]);
    const [h, w, c] = x.shape.slice(-3) as [number, number, number];
    const output = build([...x.shape.slice(0, -3), c, h, w], (i) => {
      const [k, y, z] = i.slice(-3) as [number, number, number];
      return at(x, [...i.slice(0, -3), y, z, k]) / 255;
    });
    return { inputs: [x], outputs: [output] };
  },
  _image_normalize: (random) => {
    const x = uniform(random, [
      ...extents(random, [0, 1]),
      3,
      random.int(1, 4),
      random.int(1, 4),
    ]);
    const [mean, std] = [[0.1, 0.2, 0.3], [0.5, 0.6, 0.7]] as const;
    const channel = (i: Index) => i.at(-3)!;
    return {
      attributes: { mean, std },
      inputs: [x],
      outputs: [map(x, (n, i) => (n - mean[channel(i)]!) / std[channel(i)]!)],
    };
  },
  _image_crop: (random) => {
    const x = uniform(random, [
      ...extents(random, [0, 1]),
      random.int(3, 5),
      random.int(3, 5),
      3,
    ]);
    const [y, z, height, width] = [
      random.int(0, 1),
      random.int(0, 1),
      random.int(1, 2),
      random.int(1, 2),
    ];
    const output = build([...x.shape.slice(0, -3), height, width, 3], (i) => {
      const [a, b, c] = i.slice(-3) as [number, number, number];
      return at(x, [...i.slice(0, -3), a + y, b + z, c]);
    });
    return {
      attributes: { x: z, y, height, width },
      inputs: [x],
      outputs: [output],
    };
  },
};
