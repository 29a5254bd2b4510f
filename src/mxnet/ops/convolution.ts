import { ConversionError } from "../conversion_error.ts";
import { apply } from "../emit/emit.ts";
import { cast } from "../emit/cast.ts";
import { computeDim, type Dim, type Dims } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import {
  channelsFirst,
  channelsLast,
  isChannelsLast,
} from "./channels_last.ts";
import {
  expectShape,
  expectVector,
  fixedSpatial,
  requireRank,
  spatialInts,
} from "./expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Convolutions. */
export const convolutions: OperatorFamily = {
  title: "Convolution",
  operators: {
    Convolution: {
      convert: convolution,
      aliases: ["Convolution_v1"],
      inputs: ["data", "weight", "bias"],
    },
    Deconvolution: {
      convert: deconvolution,
      inputs: ["data", "weight", "bias"],
    },
  },
};

/** What both kinds of convolution share. */
interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilate: readonly number[];
  readonly pad: readonly number[];
  readonly groups: number;
  readonly filters: number;
}

function windowOf({ attributes }: OperatorCall): Window {
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

function convolution(call: OperatorCall): Value {
  const window = windowOf(call);
  if (!isChannelsLast(call.attributes)) {
    return convolve(call, window, [input(call, 0), input(call, 1)]);
  }
  const [data, weight] = [input(call, 0), input(call, 1)].map(channelsFirst);
  return channelsLast(convolve(call, window, [data!, weight!]));
}

function convolve(
  call: OperatorCall,
  window: Window,
  [data, weight]: readonly [Value, Value],
): Value {
  const { kernel, stride, dilate, pad, groups, filters } = window;
  if (weight.determined && !data.determined) {
    const channels = computeDim((d) => d * groups, weight.dims[1]!);
    expectShape(data, "data", [
      undefined,
      channels,
      ...kernel.map(() => undefined),
    ]);
  }
  requireRank(data, [kernel.length + 2]);
  const inGroup = computeDim((channels) => {
    if (channels % groups === 0) return channels / groups;
    throw new ConversionError(`${channels} channels are not ${groups} groups`);
  }, data.dims[1]!);
  expectShape(weight, "weight", [filters, inGroup, ...kernel]);
  const spatial = data.dims.slice(2).map((dim, i) =>
    computeDim((extent) => {
      const reach = dilate[i]! * (kernel[i]! - 1) + 1;
      return Math.floor((extent + 2 * pad[i]! - reach) / stride[i]!) + 1;
    }, dim)
  );
  requirePositive(spatial);
  return apply("Conv", [
    data,
    cast(weight, data.type),
    biasOf(call, data, window),
  ], {
    dims: [data.dims[0]!, filters, ...spatial],
    attributes: {
      kernel_shape: { ints: kernel },
      strides: { ints: stride },
      dilations: { ints: dilate },
      pads: { ints: [...pad, ...pad] },
      group: { int: groups },
    },
  });
}

function biasOf(
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

function requirePositive(dims: Dims): void {
  const fits = (dim: Dim) =>
    computeDim((extent) => extent > 0 ? 1 : 0, dim) === 1;
  if (dims.every(fits)) return;
  throw new ConversionError("its input is smaller than its kernel");
}

function deconvolution(call: OperatorCall): Value {
  const window = windowOf(call);
  const { kernel, stride, dilate, groups, filters } = window;
  const data = input(call, 0);
  requireRank(data, [kernel.length + 2]);
  const weight = expectShape(input(call, 1), "weight", [
    data.dims[1]!,
    filters / groups,
    ...kernel,
  ]);
  const { pad, adjust } = outputFit(call, window, data);
  const spatial = data.dims.slice(2).map((dim, i) =>
    computeDim((extent) => {
      const reach = dilate[i]! * (kernel[i]! - 1) + 1;
      return stride[i]! * (extent - 1) + reach - 2 * pad[i]! + adjust[i]!;
    }, dim)
  );
  requirePositive(spatial);
  return apply("ConvTranspose", [
    data,
    cast(weight, data.type),
    biasOf(call, data, window),
  ], {
    dims: [data.dims[0]!, filters, ...spatial],
    attributes: {
      kernel_shape: { ints: kernel },
      strides: { ints: stride },
      dilations: { ints: dilate },
      pads: { ints: [...pad, ...pad] },
      output_padding: { ints: adjust },
      group: { int: groups },
    },
  });
}

/** `target_shape` overrides `pad` and `adj` (deconvolution-inl.h, InferPad). */
function outputFit(
  { attributes }: OperatorCall,
  { kernel, stride, dilate, pad }: Window,
  data: Value,
): { readonly pad: readonly number[]; readonly adjust: readonly number[] } {
  const rank = kernel.length;
  const target = spatialInts(attributes, "target_shape", {
    rank,
    missing: 0,
    least: 0,
  });
  if (target.every((extent) => extent === 0)) {
    const adjust = spatialInts(attributes, "adj", {
      rank,
      missing: 0,
      least: 0,
    });
    return { pad, adjust };
  }
  const totals = fixedSpatial(data).map((extent, i) => {
    const reach = dilate[i]! * (kernel[i]! - 1) + 1;
    const total = stride[i]! * (extent - 1) + reach - target[i]!;
    if (total >= 0) return total;
    throw new ConversionError(`target_shape ${target[i]} is too large`);
  });
  return {
    pad: totals.map((total) => (total + 1 - (total + 1) % 2) / 2),
    adjust: totals.map((total) => total % 2),
  };
}
