import { ConversionError } from "../../conversion_error.ts";
import { cast } from "../../emit/emit.ts";
import { computeDim, type Dim, type Dims } from "../../onnx/dims.ts";
import type { OnnxAttribute } from "../../onnx/model.ts";
import type { Value } from "../../onnx/value.ts";
import { expectVector, spatialInts } from "../expect.ts";
import type { OperatorCall } from "../operator.ts";

/** What both kinds of convolution share. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilate: readonly number[];
  readonly pad: readonly number[];
  readonly groups: number;
  readonly filters: number;
}

/** Returns the window of a convolution of either kind. */
export function windowOf({ attributes }: OperatorCall): Window {
  const kernel = attributes.requiredInts("kernel");
  const rank = kernel.length;
  if (rank < 1 || rank > 3 || kernel.some((extent) => extent < 1)) {
    throw new ConversionError(`attribute kernel is (${kernel.join(", ")})`);
  }
  const groups = attributes.int("num_group", 1);
  const filters = attributes.requiredInt("num_filter");
  if (groups < 1 || filters < 1 || filters % groups !== 0) {
    throw new ConversionError(`${filters} filters are not ${groups} groups`);
  }
  return {
    kernel,
    stride: spatialInts(attributes, "stride", { rank, missing: 1, least: 1 }),
    dilate: spatialInts(attributes, "dilate", { rank, missing: 1, least: 1 }),
    pad: spatialInts(attributes, "pad", { rank, missing: 0, least: 0 }),
    groups,
    filters,
  };
}

/** Returns the bias, `undefined` if there is none. */
export function biasOf(
  { attributes, inputs, operator }: OperatorCall,
  data: Value,
  { filters }: Window,
): Value | undefined {
  const missing = operator === "Deconvolution";
  if (attributes.bool("no_bias", missing) || inputs[2] === undefined) {
    return undefined;
  }
  return cast(expectVector(inputs[2], "bias", filters), data.type);
}

/** Fails if an extent is not 1 or more in every run. */
function requirePositive(dims: Dims): void {
  const fits = (dim: Dim) =>
    computeDim((extent) => extent > 0 ? 1 : 0, dim) === 1;
  if (dims.every(fits)) return;
  throw new ConversionError("its input is smaller than its kernel");
}

/** Returns the extents after a convolution, by a formula for each axis. */
export function spatialDims(
  data: Value,
  formula: (extent: number, axis: number) => number,
): Dims {
  const dims = data.dims.slice(2).map((dim, axis) =>
    computeDim((extent) => formula(extent, axis), dim)
  );
  requirePositive(dims);
  return dims;
}

/** Returns how far a kernel reaches along an axis. */
export function reachOf({ kernel, dilate }: Window, axis: number): number {
  return dilate[axis]! * (kernel[axis]! - 1) + 1;
}

/** Returns a window as attributes of ONNX. */
export function windowAttributes(
  { kernel, stride, dilate, groups }: Window,
  pad: readonly number[],
): Readonly<Record<string, OnnxAttribute>> {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    dilations: { ints: dilate },
    pads: { ints: [...pad, ...pad] },
    group: { int: groups },
  };
}
