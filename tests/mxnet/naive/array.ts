/**
 * Arrays for evaluators that are as plain as can be: every element by its
 * index, nothing shared with what they check.
 *
 * @module
 */

import type { DataType } from "../../../src/tensor/mod.ts";
import type { Random } from "../support/random.ts";

/** A dense row-major array. */
export interface NaiveArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** float32 if absent. */
  readonly type?: DataType;
}

/** A position in an array. */
export type Index = readonly number[];

/** Returns the array whose elements a formula gives by their index. */
export function build(
  shape: readonly number[],
  formula: (index: Index) => number,
): NaiveArray {
  return { shape, data: indicesOf(shape).map(formula) };
}

/** Returns every index of a shape, in row-major order. */
export function indicesOf(shape: readonly number[]): readonly Index[] {
  return shape.reduce<Index[]>(
    (heads, extent) =>
      heads.flatMap((head) =>
        Array.from({ length: extent }, (_, i) => [...head, i])
      ),
    [[]],
  );
}

/** Returns the element at an index. */
export function at({ shape, data }: NaiveArray, index: Index): number {
  return data[shape.reduce((sum, extent, i) => sum * extent + index[i]!, 0)]!;
}

/** Returns the element at an index, or `outside` where there is none. */
export function atOr(array: NaiveArray, index: Index, outside: number): number {
  const inside = index.every((i, axis) => i >= 0 && i < array.shape[axis]!);
  return inside ? at(array, index) : outside;
}

/** Returns an array with each element changed. */
export function map(
  array: NaiveArray,
  formula: (element: number, index: Index) => number,
): NaiveArray {
  return build(array.shape, (index) => formula(at(array, index), index));
}

/** Returns the same elements with other extents. */
export function shaped(
  { data }: NaiveArray,
  shape: readonly number[],
): NaiveArray {
  return { shape, data };
}

/** Returns random float32 elements between `low` and `high`. */
export function uniform(
  random: Random,
  shape: readonly number[],
  [low, high]: readonly [number, number] = [-2, 2],
): NaiveArray {
  return build(shape, () => Math.fround(low + random.next() * (high - low)));
}

/** Returns random whole numbers from `low` to `high`. */
export function integers(
  random: Random,
  shape: readonly number[],
  [low, high]: readonly [number, number],
): NaiveArray {
  return build(shape, () => random.int(low, high));
}

/** Returns distinct float32 elements in random order: no ties. */
export function distinct(random: Random, shape: readonly number[]): NaiveArray {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = Array.from({ length: count }, (_, i) => (i - count / 2) / 4);
  for (let i = count - 1; i > 0; i--) {
    const j = random.int(0, i);
    [data[i], data[j]] = [data[j]!, data[i]!];
  }
  return { shape, data };
}

/** Returns random extents, as many as a random rank. */
export function extents(
  random: Random,
  [least, most]: readonly [number, number],
  [low, high]: readonly [number, number] = [1, 4],
): readonly number[] {
  const rank = random.int(least, most);
  return Array.from({ length: rank }, () => random.int(low, high));
}

/** Returns the sum of some numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Returns the product of some numbers. */
export function product(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total * number, 1);
}

/** Returns the whole numbers below a count. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
