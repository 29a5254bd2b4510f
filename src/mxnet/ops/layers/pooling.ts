import { ConversionError } from "../../conversion_error.ts";
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
} from "../../emit/emit.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  channelsFirst,
  channelsLast,
  isChannelsLast,
} from "./channels_last.ts";
import { fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import {
  borderOf,
  fitsKernel,
  isNative,
  poolNative,
  sharesAlong,
  unpadded,
  type Window,
  windowOf,
} from "./pooling_window.ts";

/** Pooling. */
export const poolings: OperatorFamily = {
  title: "Pooling",
  operators: { Pooling: pooling, Pooling_v1: poolingV1 },
};

type PoolType = "max" | "avg" | "sum" | "lp";

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

/**
 * The layer of 0.x: padding is 0 even for maxima, what lies beyond it does not
 * count, means divide by the kernel.
 */
function poolingV1(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const type = attributes.choice("pool_type", ["max", "avg", "sum"], "max");
  requireRank(data, [4]);
  if (attributes.bool("global_pool", false)) return poolAll(data, type);
  const window = windowOf(call, data);
  if (type === "max") {
    const { pad } = window;
    const around = [0, 0, ...pad];
    const inner = padded(data, { before: around, after: around, fill: 0 });
    const beyond = borderOf(inner, unpadded(window), Number.NEGATIVE_INFINITY);
    return poolNative("MaxPool", beyond, unpadded(window), true);
  }
  const border = borderOf(data, window, 0);
  const mean = poolNative("AveragePool", border, unpadded(window), true);
  const size = window.kernel.reduce((a, b) => a * b, 1);
  return type === "avg" ? mean : mulScalar(mean, size);
}
