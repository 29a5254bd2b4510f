import { ConversionError } from "../../conversion_error.ts";
import { apply, cast } from "../../emit/emit.ts";
import { computeDim, type Dim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  channelsFirst,
  channelsLast,
  isChannelsLast,
} from "./channels_last.ts";
import {
  biasOf,
  reachOf,
  spatialDims,
  type Window,
  windowAttributes,
  windowOf,
} from "./convolution_window.ts";
import {
  expectShape,
  fixedSpatial,
  requireRank,
  spatialInts,
} from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

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
  const { kernel, stride, pad, groups, filters } = window;
  if (weight.determined && !data.determined) {
    const channels = computeDim((d) => d * groups, weight.dims[1]!);
    const open = kernel.map(() => undefined);
    expectShape(data, "data", [undefined, channels, ...open]);
  }
  requireRank(data, [kernel.length + 2]);
  const inGroup = channelsInGroup(data, groups);
  expectShape(weight, "weight", [filters, inGroup, ...kernel]);
  const spatial = spatialDims(data, (extent, axis) => {
    const room = extent + 2 * pad[axis]! - reachOf(window, axis);
    return Math.floor(room / stride[axis]!) + 1;
  });
  const bias = biasOf(call, data, window);
  return apply("Conv", [data, cast(weight, data.type), bias], {
    dims: [data.dims[0]!, filters, ...spatial],
    attributes: windowAttributes(window, pad),
  });
}

function channelsInGroup(data: Value, groups: number): Dim {
  return computeDim((channels) => {
    if (channels % groups === 0) return channels / groups;
    throw new ConversionError(`${channels} channels are not ${groups} groups`);
  }, data.dims[1]!);
}

function deconvolution(call: OperatorCall): Value {
  const window = windowOf(call);
  const { kernel, stride, groups, filters } = window;
  const data = input(call, 0);
  requireRank(data, [kernel.length + 2]);
  const shape = [data.dims[1]!, filters / groups, ...kernel];
  const weight = expectShape(input(call, 1), "weight", shape);
  const { pad, adjust } = outputFit(call, window, data);
  const spatial = spatialDims(
    data,
    (extent, axis) =>
      stride[axis]! * (extent - 1) + reachOf(window, axis) - 2 * pad[axis]! +
      adjust[axis]!,
  );
  const bias = biasOf(call, data, window);
  return apply("ConvTranspose", [data, cast(weight, data.type), bias], {
    dims: [data.dims[0]!, filters, ...spatial],
    attributes: {
      ...windowAttributes(window, pad),
      output_padding: { ints: adjust },
    },
  });
}

/** `target_shape` overrides `pad` and `adj` (deconvolution-inl.h, InferPad). */
function outputFit(
  { attributes }: OperatorCall,
  window: Window,
  data: Value,
): { readonly pad: readonly number[]; readonly adjust: readonly number[] } {
  const facts = { rank: window.kernel.length, missing: 0, least: 0 };
  const target = spatialInts(attributes, "target_shape", facts);
  if (target.every((extent) => extent === 0)) {
    return { pad: window.pad, adjust: spatialInts(attributes, "adj", facts) };
  }
  const totals = fixedSpatial(data).map((extent, i) => {
    const whole = window.stride[i]! * (extent - 1) + reachOf(window, i);
    if (whole >= target[i]!) return whole - target[i]!;
    throw new ConversionError(`target_shape ${target[i]} is too large`);
  });
  return {
    pad: totals.map((total) => Math.floor((total + 1) / 2)),
    adjust: totals.map((total) => total % 2),
  };
}
