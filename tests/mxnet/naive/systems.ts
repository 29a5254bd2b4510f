/**
 * Systems of linear equations, and the matching of boxes.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  distinct,
  indicesOf,
  integers,
  map,
  type NaiveArray,
  product,
  range,
  sum,
  uniform,
} from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

const CLOSE = { atol: 1e-3, rtol: 1e-3 };

type Shape = readonly number[];

function heads(random: Random): Shape {
  return random.pick([[], [2], [2, 3]]);
}

/** Random matrices that can be inverted. */
function regular(random: Random, head: Shape, size: number): NaiveArray {
  const x = uniform(random, [...head, size, size], [-1, 1]);
  return map(x, (n, i) => i.at(-1) === i.at(-2) ? n + size : n);
}

/** A · B, of matrices with the same heads. */
function times(a: NaiveArray, b: NaiveArray): NaiveArray {
  const shape = [...a.shape.slice(0, -1), b.shape.at(-1)!];
  return build(shape, (index) => {
    const head = index.slice(0, -2);
    const [row, column] = index.slice(-2) as [number, number];
    return sum(
      range(a.shape.at(-1)!).map((k) =>
        at(a, [...head, row, k]) * at(b, [...head, k, column])
      ),
    );
  });
}

function turned(x: NaiveArray): NaiveArray {
  const shape = [...x.shape.slice(0, -2), x.shape.at(-1)!, x.shape.at(-2)!];
  return build(
    shape,
    (i) => at(x, [...i.slice(0, -2), i.at(-1)!, i.at(-2)!]),
  );
}

function triangleOf(x: NaiveArray, lower: boolean): NaiveArray {
  const counts = (i: Shape) =>
    lower ? i.at(-1)! <= i.at(-2)! : i.at(-1)! >= i.at(-2)!;
  return map(x, (n, i) => counts(i) ? n : 0);
}

/** The determinant by its definition, over all permutations. */
function determinantOf(rows: readonly Shape[]): number {
  const [first, ...rest] = rows;
  if (first === undefined) return 1;
  return sum(first.map((n, column) =>
    (column % 2 === 0 ? n : -n) *
    determinantOf(rest.map((row) => row.toSpliced(column, 1)))
  ));
}

function determinants(x: NaiveArray): NaiveArray {
  const size = x.shape.at(-1)!;
  return build(
    x.shape.slice(0, -2),
    (head) =>
      determinantOf(
        range(size).map((row) =>
          range(size).map((column) => at(x, [...head, row, column]))
        ),
      ),
  );
}

/** Makes the question from the answer: X is what A · X = B has to give. */
const inverse: Sampler = (random) => {
  const x = regular(random, heads(random), random.int(1, 4));
  const size = x.shape.at(-1)!;
  const minor = (head: Shape, row: number, column: number) =>
    determinantOf(
      range(size).filter((i) => i !== row).map((i) =>
        range(size).filter((j) => j !== column).map((j) =>
          at(x, [...head, i, j])
        )
      ),
    );
  const whole = determinants(x);
  const output = map(x, (_, index) => {
    const head = index.slice(0, -2);
    const [row, column] = index.slice(-2) as [number, number];
    const sign = (row + column) % 2 === 0 ? 1 : -1;
    return sign * minor(head, column, row) / at(whole, head);
  });
  return { inputs: [x], outputs: [output], tolerance: CLOSE };
};

const solution: Sampler = (random) => {
  const head = heads(random);
  const size = random.int(1, 5);
  const a = regular(random, head, size);
  const x = uniform(random, [...head, size, random.int(1, 3)]);
  return { inputs: [a, times(a, x)], outputs: [x], tolerance: CLOSE };
};

/** A lower triangle with a positive diagonal. */
function factor(random: Random): NaiveArray {
  return triangleOf(regular(random, heads(random), random.int(1, 5)), true);
}

const cholesky: Sampler = (random) => {
  const l = factor(random);
  const lower = random.next() < 0.5;
  return {
    attributes: { lower },
    inputs: [times(l, turned(l))],
    outputs: [lower ? l : turned(l)],
    tolerance: CLOSE,
  };
};

/** What it gives times what was factored is 1: made from a known inverse. */
const choleskyInverse: Sampler = (random) => {
  const l = triangleOf(
    regular(random, heads(random), random.int(1, 2)),
    true,
  );
  const lower = random.next() < 0.5;
  const size = l.shape.at(-1)!;
  const a = times(l, turned(l));
  const whole = determinants(a);
  const output = map(a, (_, index) => {
    const head = index.slice(0, -2);
    if (size === 1) return 1 / at(whole, head);
    const [row, column] = index.slice(-2) as [number, number];
    const other = at(a, [...head, 1 - column, 1 - row]);
    return (row === column ? other : -other) / at(whole, head);
  });
  return {
    attributes: { lower },
    inputs: [lower ? l : turned(l)],
    outputs: [output],
    tolerance: CLOSE,
  };
};

const triangular: Sampler = (random) => {
  const head = heads(random);
  const size = random.int(1, 4);
  const [rightside, transpose, lower] = range(3).map(() => random.next() < 0.5);
  const a = regular(random, head, size);
  const triangle = triangleOf(a, lower!);
  const operand = transpose ? turned(triangle) : triangle;
  const other = random.int(1, 3);
  const shape = rightside ? [...head, other, size] : [...head, size, other];
  const x = uniform(random, shape);
  const b = rightside ? times(x, operand) : times(operand, x);
  const alpha = random.pick([1, 0.5, -2]);
  return {
    attributes: {
      rightside: rightside!,
      transpose: transpose!,
      lower: lower!,
      alpha,
    },
    inputs: [a, map(b, (n) => n / alpha)],
    outputs: [x],
    tolerance: CLOSE,
  };
};

function signAndLog(single: Shape): Sampler {
  return (random) => {
    const x = uniform(random, [...heads(random), 3, 3]);
    const value = determinants(x);
    const whole = value.shape.length === 0
      ? { ...value, shape: single }
      : value;
    return {
      inputs: [x],
      outputs: [
        map(whole, Math.sign),
        map(whole, (n) => Math.log(Math.abs(n))),
      ],
      tolerance: { atol: 1e-2, rtol: 1e-3 },
    };
  };
}

/** The cells of a triangle, row by row of the lower one. */
function cellsOf(
  size: number,
  offset: number,
  lower: boolean,
): readonly Shape[] {
  const cells = indicesOf([size, size]).filter(([row, column]) =>
    row! - column! >= Math.abs(offset)
  );
  const isLower = offset === 0 ? lower : offset < 0;
  return isLower ? cells : cells.map((cell) => cell.toReversed());
}

const extractTriangle: Sampler = (random) => {
  const size = random.int(2, 4);
  const offset = random.int(-1, 1);
  const lower = random.next() < 0.5;
  const x = uniform(random, [...heads(random), size, size]);
  const cells = cellsOf(size, offset, lower);
  const output = build(
    [...x.shape.slice(0, -2), cells.length],
    (i) => at(x, [...i.slice(0, -1), ...cells[i.at(-1)!]!]),
  );
  return { attributes: { offset, lower }, inputs: [x], outputs: [output] };
};

const makeTriangle: Sampler = (random) => {
  const side = random.int(1, 3);
  const offset = random.int(-1, 1);
  const lower = random.next() < 0.5;
  const size = side + Math.abs(offset);
  const cells = cellsOf(size, offset, lower);
  const x = uniform(random, [...heads(random), cells.length]);
  const output = build([...x.shape.slice(0, -1), size, size], (index) => {
    const cell = index.slice(-2).join();
    const place = cells.findIndex((other) => other.join() === cell);
    return place < 0 ? 0 : at(x, [...index.slice(0, -2), place]);
  });
  return { attributes: { offset, lower }, inputs: [x], outputs: [output] };
};

const khatriRao: Sampler = (random) => {
  const columns = random.int(1, 3);
  const inputs = range(random.int(1, 3)).map(() =>
    uniform(random, [random.int(1, 3), columns])
  );
  const rows = indicesOf(inputs.map(({ shape }) => shape[0]!));
  const output = build(
    [rows.length, columns],
    ([row, column]) =>
      product(inputs.map((x, i) => at(x, [rows[row!]![i]!, column!]))),
  );
  return {
    attributes: { num_args: inputs.length },
    inputs,
    outputs: [output],
  };
};

const bipartiteMatching: Sampler = (random) => {
  const head = heads(random);
  const [rows, columns] = [random.int(1, 4), random.int(1, 4)];
  const data = distinct(random, [...head, rows, columns]);
  const is_ascend = random.next() < 0.5;
  const threshold = random.int(-2, 2) + 0.1;
  const topk = random.pick([-1, 1, 2]);
  const found = indicesOf(head).map((image) => {
    const pairs = indicesOf([rows, columns]).toSorted((a, b) => {
      const rise = at(data, [...image, ...a]) - at(data, [...image, ...b]);
      return is_ascend ? rise : -rise;
    });
    const kept: Shape[] = [];
    for (const pair of pairs) {
      const score = at(data, [...image, ...pair]);
      const counts = is_ascend ? score < threshold : score > threshold;
      const isFree = kept.every(([r, c]) => r !== pair[0] && c !== pair[1]);
      const isOpen = topk < 0 || kept.length <= topk;
      if (counts && isFree && isOpen) kept.push(pair);
    }
    return kept;
  });
  const side = (extent: number, axis: 0 | 1) => ({
    shape: [...head, extent],
    data: found.flatMap((pairs) =>
      range(extent).map((i) =>
        pairs.find((pair) => pair[axis] === i)?.[1 - axis] ?? -1
      )
    ),
  });
  return {
    attributes: { is_ascend, threshold, topk },
    inputs: [data],
    outputs: [side(rows, 0), side(columns, 1)],
  };
};

/** Corners whose second is above the first. */
function corners(random: Random, shape: Shape): NaiveArray {
  const low = uniform(random, [...shape, 2], [0, 1]);
  const extent = uniform(random, [...shape, 2], [0.2, 1]);
  return build([...shape, 4], (i) => {
    const place = [...i.slice(0, -1), i.at(-1)! % 2];
    return at(low, place) + (i.at(-1)! < 2 ? 0 : at(extent, place));
  });
}

const boxEncode: Sampler = (random) => {
  const [images, count, refs] = [1, 1, 1].map(() => random.int(1, 3)) as [
    number,
    number,
    number,
  ];
  const samples = integers(random, [images, count], [-1, 1]);
  const matches = integers(random, [images, count], [0, refs - 1]);
  const anchors = corners(random, [images, count]);
  const boxes = corners(random, [images, refs]);
  const means = uniform(random, [4]);
  const stds = uniform(random, [4], [0.5, 1]);
  const side = (x: NaiveArray, head: Shape, axis: number) => {
    const [low, high] = [at(x, [...head, axis]), at(x, [...head, axis + 2])];
    return { centre: (low + high) / 2, extent: high - low };
  };
  const output = build([images, count, 4], ([n, i, k]) => {
    if (at(samples, [n!, i!]) !== 1) return 0;
    const anchor = side(anchors, [n!, i!], k! % 2);
    const box = side(boxes, [n!, at(matches, [n!, i!])], k! % 2);
    const target = k! < 2
      ? (box.centre - anchor.centre) / anchor.extent
      : Math.log(box.extent / anchor.extent);
    return (target - at(means, [k!])) / at(stds, [k!]);
  });
  const mask = build(
    [images, count, 4],
    ([n, i]) => at(samples, [n!, i!]) === 1 ? 1 : 0,
  );
  return {
    inputs: [samples, matches, anchors, boxes, means, stds],
    outputs: [output, mask],
    tolerance: CLOSE,
  };
};

/** Systems of linear equations, and the matching of boxes. */
export const systemSamplers: Samplers = {
  _linalg_inverse: inverse,
  _linalg_potrf: cholesky,
  _npi_cholesky: cholesky,
  _linalg_potri: choleskyInverse,
  _linalg_trsm: triangular,
  _npi_solve: solution,
  _linalg_slogdet: signAndLog([1]),
  _npi_slogdet: signAndLog([]),
  _npi_det: (random) => {
    const x = uniform(random, [...heads(random), 3, 3]);
    return { inputs: [x], outputs: [determinants(x)], tolerance: CLOSE };
  },
  _linalg_extracttrian: extractTriangle,
  _linalg_maketrian: makeTriangle,
  khatri_rao: khatriRao,
  _contrib_bipartite_matching: bipartiteMatching,
  _contrib_box_encode: boxEncode,
};
