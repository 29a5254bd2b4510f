import { add, concat, mulScalar, slice, sub } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";

/** How boxes are given: two corners, or a centre and extents. */
export const FORMATS = ["corner", "center"] as const;

/** One of `FORMATS`. */
export type BoxFormat = (typeof FORMATS)[number];

/** Two halves of a row of four, along the last axis. */
export function halves(x: Value): readonly [Value, Value] {
  const axis = x.rank - 1;
  return [
    slice(x, [{ axis, begin: 0, end: 2 }]),
    slice(x, [{ axis, begin: 2, end: 4 }]),
  ];
}

/** x, y, width, height as x1, y1, x2, y2. */
export function cornersOf(x: Value, format: BoxFormat): Value {
  if (format === "corner") return x;
  const [center, extent] = halves(x);
  const half = mulScalar(extent, 0.5);
  return concat([sub(center, half), add(center, half)], x.rank - 1);
}

/** x1, y1, x2, y2 as the format asks for. */
export function reformatted(corners: Value, format: BoxFormat): Value {
  if (format === "corner") return corners;
  const [low, high] = halves(corners);
  const center = mulScalar(add(low, high), 0.5);
  return concat([center, sub(high, low)], corners.rank - 1);
}
