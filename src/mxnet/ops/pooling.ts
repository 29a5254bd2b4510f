import { ConversionError } from "../conversion_error.ts";
import {
  apply,
  constantOf,
  mul,
  mulScalar,
  pad as padded,
  pow,
  reduce,
  scalar,
  unary,
} from "../emit/emit.ts";
import { computeDim, type Dim, fixedDim, holds } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import {
  channelsFirst,
  channelsLast,
  isChannelsLast,
} from "./channels_last.ts";
import { fixedSpatial, requireRank, spatialInts } from "./expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Pooling. */
export const poolings: OperatorFamily = {
  title: "Pooling",
  operators: { Pooling: pooling, Pooling_v1: poolingV1 },
};

type PoolType = "max" | "avg" | "sum" | "lp";

interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  /** Windows along each axis. */
  readonly counts: readonly Dim[];
  readonly convention: "valid" | "full" | "same";
}

function pooling(call: OperatorCall): Value {
  const { attributes } = call;
  const last = isChannelsLast(attributes);
  const data = last ? channelsFirst(input(call, 0)) : input(call, 0);
  const types = ["max", "avg", "sum", "lp"] as const;
  const type = attributes.choice("pool_type", types, "max");
  requireRank(data, [3, 4, 5]);
  const power = type === "lp" ? attributes.requiredInt("p_value") : 1;
  const raised = power === 1 ? data : pow(data, scalar(data, power));
  const pooled = attributes.bool("global_pool", false)
    ? poolAll(raised, type)
    : poolWindows(call, raised, type);
  const result = type === "lp" ? root(pooled, power) : pooled;
  return last ? channelsLast(result) : result;
}

/** The p-th root, of either sign where p is odd. */
function root(x: Value, power: number): Value {
  if (power === 1) return x;
  if (power === 2) return unary("Sqrt", x);
  if (power !== 3) throw new ConversionError(`p_value is ${power}, not 1 to 3`);
  return mul(unary("Sign", x), pow(unary("Abs", x), scalar(x, 1 / 3)));
}

function poolAll(x: Value, type: PoolType): Value {
  const axes = x.dims.map((_, axis) => axis).slice(2);
  const dims = [...x.dims.slice(0, 2), ...axes.map(() => 1)];
  if (type === "max") return apply("GlobalMaxPool", [x], { dims });
  if (type === "avg") return apply("GlobalAveragePool", [x], { dims });
  return reduce("ReduceSum", x, { axes, keep: true });
}

function poolWindows(call: OperatorCall, x: Value, type: PoolType): Value {
  const window = windowOf(call, x);
  const includePad = call.attributes.bool("count_include_pad", true);
  if (type === "max") return poolMax(x, window);
  if (type === "avg") return poolMean(x, window, includePad);
  const size = window.kernel.reduce((a, b) => a * b, 1);
  if (window.convention === "valid" && fitsKernel(window)) {
    return mulScalar(poolNative("AveragePool", x, window, true), size);
  }
  const border = borderOf(x, window, 0);
  return mulScalar(
    poolNative("AveragePool", border, unpadded(window), true),
    size,
  );
}

function windowOf({ attributes }: OperatorCall, x: Value): Window {
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
  const conventions = ["valid", "full", "same"] as const;
  const convention = attributes.choice(
    "pooling_convention",
    conventions,
    "valid",
  );
  const counts = x.dims.slice(2).map((dim, i) =>
    computeDim((extent) => {
      if (convention === "same") return Math.ceil(extent / stride[i]!);
      const steps = (extent + 2 * pad[i]! - kernel[i]!) / stride[i]!;
      if (steps < 0) {
        throw new ConversionError("its input is smaller than its kernel");
      }
      return 1 + (convention === "full" ? Math.ceil(steps) : Math.floor(steps));
    }, dim)
  );
  return { kernel, stride, pad, counts, convention };
}

/** ONNX Runtime demands that a window never lies in padding alone. */
function fitsKernel({ kernel, pad }: Window): boolean {
  return pad.every((border, i) => border < kernel[i]!);
}

/** Returns whether ONNX's `ceil_mode` gives the windows that MXNet has. */
function isNative(x: Value, window: Window): boolean {
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

/** The smallest float32, with which MXNet starts a maximum. */
const LOWEST = -3.4028234663852886e38;

function poolMax(x: Value, window: Window): Value {
  if (isNative(x, window)) return poolNative("MaxPool", x, window, true);
  const border = borderOf(x, window, LOWEST);
  return poolNative("MaxPool", border, unpadded(window), true);
}

function poolMean(x: Value, window: Window, includePad: boolean): Value {
  if (isNative(x, window)) {
    return poolNative("AveragePool", x, window, includePad);
  }
  const border = borderOf(x, window, 0);
  const mean = poolNative("AveragePool", border, unpadded(window), true);
  const shares = fixedSpatial(x).map((extent, i) => {
    const count = fixedDim(window.counts[i]!, "the number of windows");
    return sharesAlong(extent, window, { axis: i, count, includePad });
  });
  return shares.reduce((scaled, numbers, i) => {
    const shape = shares.map((_, axis) => axis === i ? numbers.length : 1);
    return mul(scaled, constantOf(x.graph, { type: x.type, shape, numbers }));
  }, mean);
}

const MAX_WINDOWS = 1 << 16;

/** By what a mean over whole windows is multiplied to count fewer elements. */
function sharesAlong(
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
function borderOf(x: Value, window: Window, fill: number): Value {
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

function unpadded(window: Window): Window {
  return { ...window, pad: window.pad.map(() => 0), convention: "valid" };
}

function poolNative(
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

/** The layer of 0.x: padding is 0 even for maxima, means divide by the kernel. */
function poolingV1(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const type = attributes.choice("pool_type", ["max", "avg", "sum"], "max");
  requireRank(data, [4]);
  if (attributes.bool("global_pool", false)) return poolAll(data, type);
  const window = windowOf(call, data);
  const border = borderOf(data, window, 0);
  if (type === "max") {
    return poolNative("MaxPool", border, unpadded(window), true);
  }
  const mean = poolNative("AveragePool", border, unpadded(window), true);
  const size = window.kernel.reduce((a, b) => a * b, 1);
  return type === "avg" ? mean : mulScalar(mean, size);
}
