import { ConversionError } from "../../conversion_error.ts";
import { apply, pad as padded } from "../../emit/emit.ts";
import { computeDim, type Dim, fixedDim, holds } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { fixedSpatial, spatialInts } from "../expect.ts";
import type { OperatorCall } from "../operator.ts";

/** The windows of one pooling. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  /** Windows along each axis. */
  readonly counts: readonly Dim[];
  readonly convention: "valid" | "full" | "same";
}

/** Returns the windows of a pooling that is not global. */
export function windowOf({ attributes }: OperatorCall, x: Value): Window {
  const rank = x.rank - 2;
  const kernel = attributes.requiredInts("kernel");
  if (kernel.length !== rank || kernel.some((extent) => extent < 1)) {
    throw new ConversionError(
      `attribute kernel is (${
        kernel.join(", ")
      }), it would have to be ${rank} numbers from 1 on`,
    );
  }
  const stride = spatialInts(attributes, "stride", {
    rank,
    missing: 1,
    least: 1,
  });
  const pad = spatialInts(attributes, "pad", { rank, missing: 0, least: 0 });
  const convention = attributes.choice(
    "pooling_convention",
    CONVENTIONS,
    "valid",
  );
  const counts = x.dims.slice(2).map((dim, i) =>
    computeDim((extent) => {
      if (convention === "same") return Math.ceil(extent / stride[i]!);
      const steps = (extent + 2 * pad[i]! - kernel[i]!) / stride[i]!;
      if (steps >= 0) return 1 + ROUND[convention](steps);
      throw new ConversionError("its input is smaller than its kernel");
    }, dim)
  );
  return { kernel, stride, pad, counts, convention };
}

const CONVENTIONS = ["valid", "full", "same"] as const;
const ROUND = { valid: Math.floor, full: Math.ceil };

/** ONNX Runtime demands that a window never lies in padding alone. */
export function fitsKernel({ kernel, pad }: Window): boolean {
  return pad.every((border, i) => border < kernel[i]!);
}

/** Returns whether ONNX's `ceil_mode` gives the windows that MXNet has. */
export function isNative(x: Value, window: Window): boolean {
  if (!fitsKernel(window) || window.convention === "same") return false;
  if (window.convention === "valid") return true;
  return window.counts.every((count, i) => {
    const { stride, pad } = window;
    const extent = x.dims[i + 2]!;
    const startsInside = computeDim(
      (n, d) => (n - 1) * stride[i]! < d + pad[i]! ? 1 : 0,
      count,
      extent,
    );
    return holds(startsInside, (truth) => truth === 1);
  });
}

const MAX_WINDOWS = 1 << 16;

/** By what a mean over whole windows is multiplied to count fewer elements. */
export function sharesAlong(
  extent: number,
  { kernel, stride, pad }: Window,
  { axis, count, includePad }: {
    readonly axis: number;
    readonly count: number;
    readonly includePad: boolean;
  },
): readonly number[] {
  const border = pad[axis]!;
  if (count > MAX_WINDOWS) {
    throw new ConversionError(`it would have ${count} windows along an axis`);
  }
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride[axis]! - border;
    const end = Math.min(start + kernel[axis]!, extent + border);
    const counted = includePad
      ? end - start
      : Math.min(end, extent) - Math.max(start, 0);
    return kernel[axis]! / Math.max(1, counted);
  });
}

/** Returns the input with all that its windows cover. */
export function borderOf(x: Value, window: Window, fill: number): Value {
  const { kernel, stride, pad, counts } = window;
  const after = fixedSpatial(x).map((extent, i) => {
    const count = fixedDim(counts[i]!, "the number of windows");
    return Math.max(
      0,
      (count - 1) * stride[i]! + kernel[i]! - extent - pad[i]!,
    );
  });
  return padded(x, { before: [0, 0, ...pad], after: [0, 0, ...after], fill });
}

/** Returns windows over an input that has its border already. */
export function unpadded(window: Window): Window {
  return { ...window, pad: window.pad.map(() => 0), convention: "valid" };
}

/** Pools as ONNX does. */
export function poolNative(
  operator: "MaxPool" | "AveragePool",
  x: Value,
  { kernel, stride, pad, counts, convention }: Window,
  includePad: boolean,
): Value {
  return apply(operator, [x], {
    dims: [...x.dims.slice(0, 2), ...counts],
    attributes: {
      kernel_shape: { ints: kernel },
      strides: { ints: stride },
      pads: { ints: [...pad, ...pad] },
      ceil_mode: { int: convention === "full" ? 1 : 0 },
      ...(operator === "AveragePool" && {
        count_include_pad: { int: includePad ? 1 : 0 },
      }),
    },
  });
}
