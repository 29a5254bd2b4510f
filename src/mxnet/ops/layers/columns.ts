import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  constantOf,
  gather,
  pad,
  reshape,
  slice,
  transpose,
} from "../../emit/emit.ts";
import { computeDim, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { fixedSpatial, requireRank, spatialInts } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Images as the columns that a convolution multiplies, and back. */
export const columns: OperatorFamily = {
  title: "Columns of images",
  operators: {
    im2col: toColumns,
    col2im: fromColumns,
  },
};

/** A window that slides over an image. */
interface Sliding {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilate: readonly number[];
  readonly pad: readonly number[];
}

function slidingOf({ attributes }: OperatorCall): Sliding {
  const kernel = attributes.requiredInts("kernel");
  const rank = kernel.length;
  if (rank < 1 || rank > 3 || kernel.some((extent) => extent < 1)) {
    throw new ConversionError(`attribute kernel is (${kernel.join(", ")})`);
  }
  return {
    kernel,
    stride: spatialInts(attributes, "stride", { rank, missing: 1, least: 1 }),
    dilate: spatialInts(attributes, "dilate", { rank, missing: 1, least: 1 }),
    pad: spatialInts(attributes, "pad", { rank, missing: 0, least: 0 }),
  };
}

/** Returns how many places the window has along each axis of an image. */
function placesOf(
  extents: readonly number[],
  { kernel, stride, dilate, pad }: Sliding,
): readonly number[] {
  return extents.map((extent, i) => {
    const reach = dilate[i]! * (kernel[i]! - 1) + 1;
    const room = extent + 2 * pad[i]! - reach;
    if (room >= 0) return Math.floor(room / stride[i]!) + 1;
    throw new ConversionError("its input is smaller than its kernel");
  });
}

/** [batch, channels, …] as [batch, channels × kernel, places]. */
function toColumns(call: OperatorCall): Value {
  const data = input(call, 0);
  const sliding = slidingOf(call);
  const rank = sliding.kernel.length;
  requireRank(data, [rank + 2]);
  const places = placesOf(fixedSpatial(data), sliding);
  const margin = [0, 0, ...sliding.pad];
  const bordered = pad(data, { before: margin, after: margin });
  const picked = places.reduce((x, count, i) => {
    const numbers = Array.from(
      { length: sliding.kernel[i]! * count },
      (_, at) =>
        Math.floor(at / count) * sliding.dilate[i]! +
        at % count * sliding.stride[i]!,
    );
    const shape = [numbers.length];
    const indices = constantOf(x.graph, { type: "int64", shape, numbers });
    return gather(x, i + 2, indices);
  }, bordered);
  const [batch, channels] = [data.dims[0]!, data.dims[1]!];
  const pairs = places.flatMap((count, i) => [sliding.kernel[i]!, count]);
  const split = reshape(picked, [batch, channels, ...pairs]);
  const axes = places.map((_, i) => 2 * i + 2);
  const order = [0, 1, ...axes, ...axes.map((axis) => axis + 1)];
  const rows = productOf([channels, ...sliding.kernel]);
  return reshape(transpose(split, order), [batch, rows, productOf(places)]);
}

/** [batch, channels × kernel, places] added up to [batch, channels, …]. */
function fromColumns(call: OperatorCall): Value {
  const data = input(call, 0);
  requireRank(data, [3]);
  const sliding = slidingOf(call);
  const { kernel, stride, dilate } = sliding;
  const size = call.attributes.requiredInts("output_size");
  if (size.length !== kernel.length || size.some((extent) => extent < 1)) {
    throw new ConversionError(`attribute output_size is (${size.join(", ")})`);
  }
  const places = placesOf(size, sliding);
  const window = kernel.reduce((product, extent) => product * extent, 1);
  const channels = fixedDim(
    computeDim((rows) => rows / window, data.dims[1]!),
    "the number of channels",
  );
  const spread = reshape(data, [data.dims[0]!, data.dims[1]!, ...places]);
  const whole = places.map((count, i) =>
    stride[i]! * (count - 1) + dilate[i]! * (kernel[i]! - 1) + 1
  );
  const summed = apply(
    "ConvTranspose",
    [spread, placement(data, channels, kernel)],
    {
      dims: [data.dims[0]!, channels, ...whole],
      attributes: {
        kernel_shape: { ints: kernel },
        strides: { ints: stride },
        dilations: { ints: dilate },
        group: { int: channels },
      },
    },
  );
  return cutOut(summed, size, sliding.pad);
}

/** Filters that put row `i` of a channel's rows at place `i` of the window. */
function placement(
  x: Value,
  channels: number,
  kernel: readonly number[],
): Value {
  const window = kernel.reduce((product, extent) => product * extent, 1);
  const numbers = Array.from(
    { length: channels * window * window },
    (_, at) => at % window === Math.floor(at / window) % window ? 1 : 0,
  );
  const shape = [channels * window, 1, ...kernel];
  return constantOf(x.graph, { type: x.type, shape, numbers });
}

/** Cuts the padding off, and adds what no window reached. */
function cutOut(
  x: Value,
  size: readonly number[],
  padding: readonly number[],
): Value {
  const extents = fixedSpatial(x);
  const after = size.map((extent, i) =>
    Math.max(0, padding[i]! + extent - extents[i]!)
  );
  const before = [0, 0, ...size.map(() => 0)];
  return slice(
    pad(x, { before, after: [0, 0, ...after] }),
    size.map((extent, i) => ({
      axis: i + 2,
      begin: padding[i]!,
      end: padding[i]! + extent,
    })),
  );
}
