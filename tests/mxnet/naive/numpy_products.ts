/**
 * Numpy mode: products and diagonals.
 *
 * @module
 */

import {
  at,
  build,
  extents,
  type Index,
  indicesOf,
  type NaiveArray,
  product,
  range,
  sum,
  uniform,
} from "./array.ts";
import { CLOSE } from "./numpy_reductions.ts";
import type { Sampler, Samplers } from "./sample.ts";

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

/** Numpy mode: products and diagonals. */
export const numpyProductSamplers: Samplers = {
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
