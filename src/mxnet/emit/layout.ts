import { ConversionError } from "../conversion_error.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  dimKey,
  type Dims,
  isUnknown,
  productOf,
  sameDim,
  showDims,
  sumOf,
} from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { int64s } from "./constants.ts";
import { extentsOf } from "./extents.ts";
import { apply } from "./kernel.ts";

/**
 * Returns the same elements with other extents.
 *
 * @throws {ConversionError} if their numbers differ
 */
export function reshape(x: Value, dims: Dims): Value {
  if (sameDims(x.dims, dims)) return x;
  if (![...x.dims, ...dims].some(isUnknown)) requireSameCount(x, dims);
  if (x.tensor !== undefined && dims.every((dim) => typeof dim === "number")) {
    const value = x.graph.tensor({ ...x.tensor, shape: dims });
    return x.graph.view(value, { type: x.type });
  }
  const { fill } = x;
  const value = apply("Reshape", [x], { dims, also: [targetOf(x, dims)] });
  return fill === undefined ? value : x.graph.view(value, { fill });
}

function requireSameCount(x: Value, dims: Dims): void {
  if (sameDim(productOf(x.dims), productOf(dims))) return;
  throw new ConversionError(
    `shape ${showDims(x.dims)} cannot become ${showDims(dims)}`,
  );
}

/** ONNX's Reshape takes 0 for "as before" and −1 for one extent that follows. */
function targetOf(x: Value, dims: Dims): Value {
  const target = dims.map((dim, axis) => {
    if (typeof dim === "number") return dim;
    return axis < x.rank && sameDim(dim, x.dims[axis]!) ? 0 : dim;
  });
  const open = target.filter((extent) => typeof extent !== "number");
  if (open.length > 1) return extentsOf(x.graph, dims);
  return int64s(
    x.graph,
    target.map((extent) => typeof extent === "number" ? extent : -1),
  );
}

/** Returns whether two shapes are equal in every run. */
export function sameDims(a: Dims, b: Dims): boolean {
  return a.length === b.length &&
    a.every((dim, axis) => dimKey(dim) === dimKey(b[axis]!));
}

/** Returns the value with its axes in another order. */
export function transpose(x: Value, order: readonly number[]): Value {
  if (order.every((axis, i) => axis === i)) return x;
  return apply("Transpose", [x], {
    dims: order.map((axis) => x.dims[axis]!),
    attributes: { perm: { ints: order } },
  });
}

/** Returns the value with one axis moved to another place. */
export function moveAxis(x: Value, from: number, to: number): Value {
  const order = x.dims.map((_, axis) => axis).filter((axis) => axis !== from);
  return transpose(x, order.toSpliced(to, 0, from));
}

/** Returns the value with axes of extent 1 at these places of the result. */
export function unsqueeze(x: Value, axes: readonly number[]): Value {
  const rank = x.rank + axes.length;
  const places = axes.map((axis) => axisOf(axis, rank)).toSorted((a, b) =>
    a - b
  );
  const dims: Dim[] = [...x.dims];
  for (const place of places) dims.splice(place, 0, 1);
  if (x.tensor !== undefined) return reshape(x, dims);
  return apply("Unsqueeze", [x], { dims, also: [int64s(x.graph, places)] });
}

/** Returns the value without these axes, whose extents are 1. */
export function squeeze(x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  const places = axes.map((axis) => axisOf(axis, x.rank));
  const wide = places.find((axis) => x.dims[axis] !== 1);
  if (wide !== undefined) {
    throw new ConversionError(
      `axis ${wide} of ${
        showDims(x.dims)
      } cannot be dropped, its extent is not 1`,
    );
  }
  const dims = x.dims.filter((_, axis) => !places.includes(axis));
  return apply("Squeeze", [x], { dims, also: [int64s(x.graph, places)] });
}

/**
 * Returns values joined along an axis.
 *
 * @throws {ConversionError} if they differ in other extents
 */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first === undefined) throw new ConversionError("there is no input");
  if (values.length === 1) return first;
  const place = axisOf(axis, first.rank);
  for (const value of values) requireJoinable(first, value, place);
  const whole = first.dims.map((dim, i) =>
    isUnknown(dim)
      ? values.map((value) => value.dims[i]!).find((d) => !isUnknown(d)) ?? dim
      : dim
  );
  const dims = whole.with(
    place,
    sumOf(values.map((value) => value.dims[place]!)),
  );
  return apply("Concat", [first, ...values.slice(1)], {
    dims,
    attributes: { axis: { int: place } },
  });
}

function requireJoinable(a: Value, b: Value, axis: number): void {
  const fits = a.rank === b.rank && a.dims.every((dim, i) => {
    const other = b.dims[i]!;
    if (i === axis) return true;
    a.graph.facts.equate(dim, other);
    return sameDim(dim, other) || isUnknown(dim) || isUnknown(other);
  });
  if (fits) return;
  throw new ConversionError(
    `shapes ${showDims(a.dims)} and ${
      showDims(b.dims)
    } cannot be joined along axis ${axis}`,
  );
}

/** Returns the value cut into parts along an axis; `sizes` add up to it. */
export function split(
  x: Value,
  axis: number,
  sizes: readonly number[],
): readonly Value[] {
  if (sizes.length === 1) return [x];
  const outputs = sizes.map((size) => ({
    type: x.type,
    dims: x.dims.with(axis, size),
  }));
  return x.graph.emit("Split", [x, int64s(x.graph, sizes)], {
    outputs,
    attributes: { axis: { int: axis } },
  });
}

/** Returns the value repeated along its extents of 1 to fill `dims`. */
export function expand(x: Value, dims: Dims): Value {
  if (sameDims(x.dims, dims)) return x;
  return apply("Expand", [x], { dims, also: [extentsOf(x.graph, dims)] });
}

/** Returns the value repeated a number of times along each axis. */
export function tile(x: Value, times: readonly number[]): Value {
  if (times.every((count) => count === 1)) return x;
  const dims = x.dims.map((dim, axis) =>
    computeDim((extent) => extent * times[axis]!, dim)
  );
  return apply("Tile", [x], { dims, also: [int64s(x.graph, times)] });
}

/** Returns the value as a matrix: axes before `axis`, and the rest. */
export function flatten(x: Value, axis: number): Value {
  const head = x.dims.slice(0, axis);
  if (x.rank === 2 && axis === 1) return x;
  const dims = [
    head.length === 1 ? head[0]! : productOf(head),
    productOf(x.dims.slice(axis)),
  ];
  return apply("Flatten", [x], { dims, attributes: { axis: { int: axis } } });
}
