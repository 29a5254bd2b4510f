import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  asIndices,
  broadcastDims,
  cast,
  clip,
  compare,
  concat,
  constantOf,
  expand,
  gatherNd,
  logic,
  mul,
  scalar,
  sub,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Dims } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import type { OperatorCall } from "../operator.ts";

/**
 * Returns what index tuples name in the first axes of a table.
 *
 * @param tuple one index per axis; they are repeated to a common shape
 * @returns that shape, and the table's other axes
 */
export function lookUp(table: Value, tuple: readonly Value[]): Value {
  const dims = tuple.reduce<Dims>(
    (all, index) => broadcastDims(all, index.dims),
    [],
  );
  const columns = tuple.map((index) =>
    unsqueeze(expand(asIndices(index), dims), [dims.length])
  );
  return gatherNd(table, concat(columns, dims.length), {
    depth: tuple.length,
  });
}

/** A point of an image, down and right, at or between its pixels. */
export interface Point {
  readonly y: Value;
  readonly x: Value;
}

/**
 * Returns bilinear samples of images.
 *
 * @param table its first axes are `tuple`, then height, width, and the rest
 */
export function between(
  table: Value,
  tuple: readonly Value[],
  { y, x }: Point,
): Value {
  const sides = ([y, x] as const).map((at) => {
    const low = unary("Floor", at);
    const high = unary("Ceil", at);
    const share = sub(at, low);
    const rest = sub(scalar(at, 1), share);
    return [[low, rest], [high, share]] as const;
  });
  const corners = sides[0]!.flatMap(([row, down]) =>
    sides[1]!.map(([column, right]) => {
      const pixel = lookUp(table, [...tuple, row, column]);
      return mul(pixel, unsqueeze(mul(down, right), [pixel.rank - 1]));
    })
  );
  return corners.reduce(add);
}

/** Returns 0, 1, … along one axis of a rank, `scale` apart and cut to whole. */
export function stepsAlong(
  like: Value,
  { axis, rank, count, scale = 1 }: {
    readonly axis: number;
    readonly rank: number;
    readonly count: number;
    readonly scale?: number;
  },
): Value {
  const shape = new Array<number>(rank).fill(1).with(axis, count);
  const numbers = Array.from(
    { length: count },
    (_, i) => Math.floor(i * scale),
  );
  return constantOf(like.graph, { type: like.type, shape, numbers });
}

/** Returns the value with its axes at these places of a higher rank. */
export function spreadOver(
  x: Value,
  places: readonly number[],
  rank: number,
): Value {
  const others = Array.from({ length: rank }, (_, axis) => axis)
    .filter((axis) => !places.includes(axis));
  return unsqueeze(x, others);
}

/** Returns to the nearest whole number, halves away from zero. */
export function rounded(x: Value): Value {
  const size = unary("Floor", add(unary("Abs", x), scalar(x, 0.5)));
  return cast(mul(unary("Sign", x), size), x.type);
}

/** Returns whether a point is at most `margin` beyond the outermost pixels. */
export function isWithin(
  { y, x }: Point,
  extents: readonly number[],
  margin: number,
): Value {
  const [rows, columns] = [y, x].map((at, i) =>
    logic(
      "And",
      compare("GreaterOrEqual", at, scalar(at, -margin)),
      compare("LessOrEqual", at, scalar(at, extents[i]! - 1 + margin)),
    )
  );
  return logic("And", rows!, columns!);
}

/** Returns the point of an image that is nearest to a point. */
export function nearest({ y, x }: Point, extents: readonly number[]): Point {
  const [height = 1, width = 1] = extents;
  return { y: clip(y, 0, height - 1), x: clip(x, 0, width - 1) };
}

const MAX_SAMPLES = 64;

/**
 * Returns a number of samples along one side of a bin.
 *
 * @throws {ConversionError} if it is not fixed, or too large
 */
export function sampleCount(
  { attributes }: OperatorCall,
  name: string,
  missing: number,
): number {
  const count = attributes.int(name, missing);
  if (count >= 1 && count <= MAX_SAMPLES) return count;
  throw new ConversionError(
    `attribute ${name} is ${count}, it has to be 1 to ${MAX_SAMPLES}`,
  );
}
