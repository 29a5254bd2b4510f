import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  cast,
  concat,
  constantOf,
  extentsOf,
} from "../../emit/emit.ts";
import { computeDim, type Dim, type Dims, fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { adaptivePooling } from "../layers/adaptive_pooling.ts";
import { expectShape, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Images of other sizes. */
export const resizings: OperatorFamily = {
  title: "Resizing",
  operators: {
    UpSampling: upSampling,
    _contrib_BilinearResize2D: {
      convert: bilinearResize,
      inputs: ["data", "like"],
    },
    _contrib_AdaptiveAvgPooling2D: adaptivePooling,
  },
};

function upSampling(call: OperatorCall): Value {
  const { attributes, inputs } = call;
  const scale = attributes.requiredInt("scale");
  const data = input(call, 0);
  requireRank(data, [4]);
  if (scale < 1) throw new ConversionError(`attribute scale is ${scale}`);
  const types = ["nearest", "bilinear"] as const;
  if (attributes.choice("sample_type", types) === "bilinear") {
    return bilinearUpSampling(call, scale);
  }
  const enlarged = inputs.map((value) => {
    const factor = computeDim(
      (first, own) => first * scale / own,
      data.dims[2]!,
      value.dims[2]!,
    );
    return nearest(value, fixedDim(factor, "the factor between its inputs"));
  });
  if (enlarged.length === 1) return enlarged[0]!;
  const modes = ["concat", "sum"] as const;
  return attributes.choice("multi_input_mode", modes, "concat") === "sum"
    ? enlarged.reduce(add)
    : concat(enlarged, 1);
}

function nearest(x: Value, factor: number): Value {
  if (!Number.isInteger(factor)) {
    throw new ConversionError(`an input would be enlarged ${factor} times`);
  }
  const scales = constantOf(x.graph, {
    type: "float32",
    shape: [4],
    numbers: [1, 1, factor, factor],
  });
  const larger = (dim: Dim) => computeDim((extent) => extent * factor, dim);
  const [batch, channels, height, width] = x.dims as readonly [
    Dim,
    Dim,
    Dim,
    Dim,
  ];
  return apply("Resize", [x], {
    dims: [batch, channels, larger(height), larger(width)],
    also: [undefined, scales],
    attributes: {
      mode: { string: "nearest" },
      coordinate_transformation_mode: { string: "asymmetric" },
      nearest_mode: { string: "floor" },
    },
  });
}

/** A transposed convolution of each channel with a stored kernel. */
function bilinearUpSampling(call: OperatorCall, scale: number): Value {
  const data = input(call, 0);
  const channels = fixedDim(data.dims[1]!, "the number of channels");
  const size = 2 * scale - scale % 2;
  const pad = Math.ceil((scale - 1) / 2);
  const kernel = expectShape(input(call, 1), "weight", [
    channels,
    1,
    size,
    size,
  ]);
  const larger = (dim: Dim) =>
    computeDim((extent) => scale * (extent - 1) + size - 2 * pad, dim);
  return apply("ConvTranspose", [data, cast(kernel, data.type)], {
    dims: [
      data.dims[0]!,
      channels,
      larger(data.dims[2]!),
      larger(data.dims[3]!),
    ],
    attributes: {
      kernel_shape: { ints: [size, size] },
      strides: { ints: [scale, scale] },
      pads: { ints: [pad, pad, pad, pad] },
      group: { int: channels },
    },
  });
}

const RESIZE_MODES = [
  "size",
  "odd_scale",
  "like",
  "to_even_down",
  "to_even_up",
  "to_odd_down",
  "to_odd_up",
] as const;

function bilinearResize(call: OperatorCall): Value {
  const data = input(call, 0);
  requireRank(data, [4]);
  const [height, width] = resizedExtents(call, data);
  const dims = [data.dims[0]!, data.dims[1]!, height!, width!];
  const corners = call.attributes.bool("align_corners", true);
  return apply("Resize", [data], {
    dims,
    also: [undefined, undefined, extentsOf(data.graph, dims)],
    attributes: {
      mode: { string: "linear" },
      coordinate_transformation_mode: {
        string: corners ? "align_corners" : "pytorch_half_pixel",
      },
    },
  });
}

/** `BilinearSampleOpInferShape` in MXNet's bilinear_resize-inl.h */
function resizedExtents(call: OperatorCall, data: Value): Dims {
  const { attributes } = call;
  const mode = attributes.choice("mode", RESIZE_MODES, "size");
  if (mode === "like") return input(call, 1).dims.slice(2);
  return ["height", "width"].map((side, i) => {
    const dim = data.dims[i + 2]!;
    const scale = attributes.optionalFloat(`scale_${side}`);
    const stated = attributes.int(side, 1);
    if (mode === "size" && scale === undefined) return stated;
    return computeDim((n) => resizedExtent(mode, n, scale ?? 1), dim);
  });
}

function resizedExtent(mode: string, n: number, scale: number): number {
  const isOdd = n % 2 === 1;
  switch (mode) {
    case "size":
      return Math.trunc(n * scale);
    case "odd_scale":
      return isOdd ? Math.trunc((n - 1) * scale) + 1 : Math.trunc(n * scale);
    case "to_even_down":
      return isOdd ? n - 1 : n;
    case "to_even_up":
      return isOdd ? n + 1 : n;
    case "to_odd_down":
      return isOdd ? n : n - 1;
    default:
      return isOdd ? n : n + 1;
  }
}
