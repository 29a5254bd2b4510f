import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  asIndices,
  cast,
  compare,
  concat,
  max,
  pickIndex,
  reshape,
  scalar,
  slice,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { computeDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { diagonalOf } from "../algebra/diagonal.ts";
import { requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";

function pooledSize({ attributes }: OperatorCall): readonly [number, number] {
  const [height = 0, width = 0] = attributes.requiredInts("pooled_size");
  if (height > 0 && width > 0) return [height, width];
  throw new ConversionError("attribute pooled_size has to be two extents");
}

/** Boxes [image, x1, y1, x2, y2], whose image may be negative: no box. */
interface Boxes {
  /** Never negative. */
  readonly image: Value;
  readonly corners: Value;
  /** Which boxes there are none of, [boxes, 1, 1, 1]. */
  readonly absent: Value;
}

function boxesOf(call: OperatorCall): Boxes {
  const boxes = cast(input(call, 1), input(call, 0).type);
  const image = pickIndex(boxes, 1, 0);
  const absent = unsqueeze(image, [1, 2, 3]);
  return {
    image: max(image, scalar(image, 0)),
    corners: slice(boxes, [{ axis: 1, begin: 1 }]),
    absent: compare("Less", absent, scalar(image, 0)),
  };
}

/** `ROIPooling`: the largest elements in the cells of boxes. */
export function regionPooling(call: OperatorCall): Value {
  const data = input(call, 0);
  requireRank(data, [4]);
  const size = pooledSize(call);
  const { image, corners, absent } = boxesOf(call);
  const boxes = concat([unsqueeze(image, [1]), corners], 1);
  const pooled = apply("MaxRoiPool", [data, boxes], {
    dims: [boxes.dims[0]!, data.dims[1]!, ...size],
    attributes: {
      pooled_shape: { ints: size },
      spatial_scale: { float: call.attributes.requiredFloat("spatial_scale") },
    },
  });
  return where(absent, scalar(pooled, 0), pooled);
}

/** `_contrib_ROIAlign`: means of bilinear samples in the cells of boxes. */
export function regionAlign(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  requireRank(data, [4]);
  const size = pooledSize(call);
  const { image, corners, absent } = boxesOf(call);
  const pooled = apply("RoiAlign", [data, corners], {
    dims: [corners.dims[0]!, data.dims[1]!, ...size],
    also: [asIndices(image)],
    attributes: {
      output_height: { int: size[0] },
      output_width: { int: size[1] },
      spatial_scale: { float: attributes.requiredFloat("spatial_scale") },
      sampling_ratio: { int: Math.max(0, attributes.int("sample_ratio", -1)) },
      coordinate_transformation_mode: {
        string: attributes.bool("aligned", false)
          ? "half_pixel"
          : "output_half_pixel",
      },
    },
  });
  const real = where(absent, scalar(pooled, 0), pooled);
  const own = attributes.bool("position_sensitive", false);
  return own ? ownChannels(real, size) : real;
}

/** Every cell has channels of its own: cell `i` takes the `i`th of each group. */
function ownChannels(x: Value, size: readonly [number, number]): Value {
  const cells = size[0] * size[1];
  const [boxes, given] = [x.dims[0]!, x.dims[1]!];
  const channels = computeDim((count) => count / cells, given);
  const own = diagonalOf(reshape(x, [boxes, channels, cells, cells]), 0);
  return reshape(own, [boxes, channels, ...size]);
}
