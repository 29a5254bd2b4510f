import { ConversionError } from "../conversion_error.ts";
import { computeDim, type Dim, isUnknown } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { constantOf, int64s } from "./constants.ts";
import { apply, computedType } from "./kernel.ts";

/** A range of one axis, as Python's `begin:end:step`. */
export interface SliceRange {
  readonly axis: number;
  readonly begin?: number | undefined;
  readonly end?: number | undefined;
  readonly step?: number | undefined;
}

/** Beyond any extent; ONNX clamps. */
const FAR = 2 ** 53 - 1;

/** Returns part of a value. */
export function slice(x: Value, ranges: readonly SliceRange[]): Value {
  const real = ranges.filter(({ begin = 0, end, step = 1 }) =>
    begin !== 0 || end !== undefined || step !== 1
  );
  if (real.length === 0) return x;
  const dims: Dim[] = [...x.dims];
  for (const range of real) {
    dims[range.axis] = slicedDim(dims[range.axis]!, range);
  }
  const list = (pick: (range: SliceRange) => number) =>
    int64s(x.graph, real.map(pick));
  return apply("Slice", [x], {
    dims,
    also: [
      list(({ begin, step = 1 }) => begin ?? (step < 0 ? FAR : 0)),
      list(({ end, step = 1 }) => end ?? (step < 0 ? -FAR : FAR)),
      list(({ axis }) => axis),
      list(({ step = 1 }) => step),
    ],
  });
}

/** Returns how many elements a range of that axis has. */
function slicedDim(dim: Dim, { begin, end, step = 1 }: SliceRange): Dim {
  if (step === 0) throw new ConversionError("a slice has step 0");
  if (isUnknown(dim)) return dim;
  return computeDim((extent) => {
    const low = step < 0 ? -1 : 0;
    const high = step < 0 ? extent - 1 : extent;
    const place = (position: number) =>
      Math.min(
        high,
        Math.max(low, position < 0 ? position + extent : position),
      );
    const first = begin === undefined ? (step < 0 ? high : low) : place(begin);
    const last = end === undefined ? (step < 0 ? low : high) : place(end);
    return Math.max(0, Math.ceil((last - first) / step));
  }, dim);
}

/** Returns element `index` of an axis, without the axis. */
export function pickIndex(x: Value, axis: number, index: number): Value {
  const at = constantOf(x.graph, {
    type: "int64",
    shape: [],
    numbers: [index],
  });
  return apply("Gather", [x], {
    dims: x.dims.toSpliced(axis, 1),
    attributes: { axis: { int: axis } },
    also: [at],
  });
}

/** How to fill around a value. */
export interface Padding {
  /** Elements before and after, for each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly mode?: "constant" | "edge" | "reflect";
  /** What to fill with, in constant mode. */
  readonly fill?: number;
}

/** Returns the value with a border. */
export function pad(
  x: Value,
  { before, after, mode = "constant", fill = 0 }: Padding,
): Value {
  const amounts = [...before, ...after];
  if (amounts.every((amount) => amount === 0)) return x;
  const dims = x.dims.map((dim, axis) =>
    computeDim((extent) => extent + before[axis]! + after[axis]!, dim)
  );
  const type = computedType("Pad", x.type);
  const value = constantOf(x.graph, {
    type,
    shape: [],
    // ONNX Runtime 1.30 merges a border of +0 into any pooling that follows,
    // a maximum or a mean of fewer elements included; it leaves −0 alone.
    numbers: [fill === 0 ? -0 : fill],
  });
  return apply("Pad", [x], {
    dims,
    attributes: { mode: { string: mode } },
    also: [int64s(x.graph, amounts), mode === "constant" ? value : undefined],
  });
}
