import { ConversionError } from "../../conversion_error.ts";
import { add, cast, matmul, mul, reshape } from "../../emit/emit.ts";
import { fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  biasOf,
  reachOf,
  spatialDims,
  windowOf,
} from "./convolution_window.ts";
import { type Bend, sampled } from "./deformable_samples.ts";
import { expectShape, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Convolutions whose kernels bend. */
export const deformables: OperatorFamily = {
  title: "Deformable convolution",
  operators: {
    _contrib_DeformableConvolution: {
      convert: (call) => bent(call, { weight: 2 }),
      aliases: ["_npx_deformable_convolution"],
      inputs: ["data", "offset", "weight", "bias"],
    },
    _contrib_ModulatedDeformableConvolution: {
      convert: (call) => bent(call, { mask: 2, weight: 3 }),
      aliases: ["_npx_modulated_deformable_convolution"],
      inputs: ["data", "offset", "mask", "weight", "bias"],
    },
  },
};

/** Where the inputs stand. */
interface Places {
  readonly mask?: number;
  readonly weight: number;
}

/** Samples every point of every window at its own place, then multiplies. */
function bent(call: OperatorCall, places: Places): Value {
  const data = input(call, 0);
  const bend = bendOf(call, data);
  const { window, batch, channels, points, size } = bend;
  const { groups, filters, kernel } = window;
  const inGroup = channels / groups;
  const weight = expectShape(
    input(call, places.weight),
    "weight",
    [filters, inGroup, ...kernel],
  );
  const offsets = offsetsOf(call, bend);
  const outside = places.mask === undefined ? "edge" : "zeros";
  const samples = sampled(data, offsets, { ...bend, outside });
  const weighed = places.mask === undefined
    ? samples
    : mul(samples, maskOf(input(call, places.mask), bend));
  const area = productOf(size);
  const columns = reshape(weighed, [batch, groups, inGroup * points, area]);
  const rows = reshape(
    cast(weight, data.type),
    [1, groups, filters / groups, inGroup * points],
  );
  const sums = reshape(matmul(rows, columns), [batch, filters, ...size]);
  const bias = biasOf(
    {
      ...call,
      inputs: [data, weight, ...call.inputs.slice(places.weight + 1)],
    },
    data,
    window,
  );
  return bias === undefined
    ? sums
    : add(sums, reshape(bias, [1, filters, 1, 1]));
}

function bendOf(
  call: OperatorCall,
  data: Value,
): Omit<Bend, "outside"> {
  const window = windowOf(call);
  if (window.kernel.length !== 2) {
    throw new ConversionError("attribute kernel has to be two extents");
  }
  requireRank(data, [4]);
  const channels = fixedDim(data.dims[1]!, "the number of channels");
  const bends = call.attributes.int("num_deformable_group", 1);
  if (bends < 1 || channels % bends !== 0 || channels % window.groups !== 0) {
    throw new ConversionError(`${channels} channels are not ${bends} groups`);
  }
  const size = spatialDims(data, (extent, axis) => {
    const room = extent + 2 * window.pad[axis]! - reachOf(window, axis);
    return Math.floor(room / window.stride[axis]!) + 1;
  });
  return {
    window,
    bends,
    channels,
    points: window.kernel[0]! * window.kernel[1]!,
    batch: data.dims[0]!,
    size: size.map((dim) => fixedDim(dim, "the height and width")),
  };
}

/** How far each point is moved, [batch × bends, points, 2, height, width]. */
function offsetsOf(
  call: OperatorCall,
  { bends, points, batch, size }: Omit<Bend, "outside">,
): Value {
  const dims = [batch, 2 * bends * points, ...size];
  const offset = expectShape(input(call, 1), "offset", dims);
  return reshape(offset, [productOf([batch, bends]), points, 2, ...size]);
}

/** Factors of the points, in the shape of the samples. */
function maskOf(
  mask: Value,
  { bends, points, batch, size }: Omit<Bend, "outside">,
): Value {
  const given = expectShape(mask, "mask", [batch, bends * points, ...size]);
  const rows = productOf([batch, bends]);
  return reshape(given, [rows, 1, points, ...size]);
}
