import { ConversionError } from "../conversion_error.ts";
import {
  add,
  addScalar,
  apply,
  asIndices,
  cast,
  compare,
  constantOf,
  matmul,
  max,
  mul,
  pickIndex,
  reshape,
  scalar,
  slice,
  transpose,
  unsqueeze,
  where,
} from "../emit/emit.ts";
import type { Value } from "../onnx/value.ts";
import { fixedSpatial, requireRank } from "./expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Regions of images, and images seen through a grid. */
export const regions: OperatorFamily = {
  title: "Regions and grids",
  operators: {
    ROIPooling: {
      convert: regionPooling,
      inputs: ["data", "rois"],
      outputs: ["output", "maxidx"],
    },
    _contrib_ROIAlign: { convert: regionAlign, inputs: ["data", "rois"] },
    BilinearSampler: {
      convert: (call) => sampled(input(call, 0), input(call, 1)),
      inputs: ["data", "grid"],
      outputs: ["output", "tmp"],
    },
    GridGenerator: { convert: gridGenerator, outputs: ["output", "grid_dst"] },
    SpatialTransformer: {
      convert: spatialTransformer,
      inputs: ["data", "loc"],
      outputs: ["output", "grid_src"],
    },
  },
};

function pooledSize({ attributes }: OperatorCall): readonly [number, number] {
  const [height = 0, width = 0] = attributes.requiredInts("pooled_size");
  if (height > 0 && width > 0) return [height, width];
  throw new ConversionError("attribute pooled_size has to be two extents");
}

/** Boxes are [image, x1, y1, x2, y2], as in ONNX. */
function regionPooling(call: OperatorCall): Value {
  const [data, boxes] = [input(call, 0), input(call, 1)];
  requireRank(data, [4]);
  const size = pooledSize(call);
  return apply("MaxRoiPool", [data, cast(boxes, data.type)], {
    dims: [boxes.dims[0]!, data.dims[1]!, ...size],
    attributes: {
      pooled_shape: { ints: size },
      spatial_scale: { float: call.attributes.requiredFloat("spatial_scale") },
    },
  });
}

/** A negative image number marks a box that gives zeros. */
function regionAlign(call: OperatorCall): Value {
  const { attributes } = call;
  const [data, boxes] = [input(call, 0), input(call, 1)];
  requireRank(data, [4]);
  if (attributes.bool("position_sensitive", false)) {
    throw new ConversionError("position_sensitive is not supported");
  }
  const size = pooledSize(call);
  const aligned = attributes.bool("aligned", false);
  const image = pickIndex(boxes, 1, 0);
  const first = asIndices(max(image, scalar(image, 0)));
  const corners = slice(boxes, [{ axis: 1, begin: 1 }]);
  const pooled = apply("RoiAlign", [data, cast(corners, data.type)], {
    dims: [boxes.dims[0]!, data.dims[1]!, ...size],
    also: [first],
    attributes: {
      output_height: { int: size[0] },
      output_width: { int: size[1] },
      spatial_scale: { float: attributes.requiredFloat("spatial_scale") },
      sampling_ratio: { int: Math.max(0, attributes.int("sample_ratio", -1)) },
      coordinate_transformation_mode: {
        string: aligned ? "half_pixel" : "output_half_pixel",
      },
    },
  });
  const absent = compare("Less", unsqueeze(image, [1, 2, 3]), scalar(image, 0));
  return where(absent, scalar(pooled, 0), pooled);
}

/** Bilinear samples at −1..1 from corner to corner; zeros outside. */
function sampled(data: Value, grid: Value): Value {
  const places = transpose(grid, [0, 2, 3, 1]);
  return apply("GridSample", [data, cast(places, data.type)], {
    dims: [data.dims[0]!, data.dims[1]!, grid.dims[2]!, grid.dims[3]!],
    attributes: {
      mode: { string: "bilinear" },
      padding_mode: { string: "zeros" },
      align_corners: { int: 1 },
    },
  });
}

function gridGenerator(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const kinds = ["affine", "warp"] as const;
  if (attributes.choice("transform_type", kinds) === "affine") {
    return affineGrid(data, targetShape(call));
  }
  const [height, width] = fixedSpatial(data) as readonly [number, number];
  const base = constantOf(data.graph, {
    type: data.type,
    shape: [1, 2, height, width],
    numbers: pixels(height, width, (column, row) => [column, row]),
  });
  const half = constantOf(data.graph, {
    type: data.type,
    shape: [1, 2, 1, 1],
    numbers: [2 / (width - 1), 2 / (height - 1)],
  });
  return addScalar(mul(add(data, base), half), -1);
}

function targetShape({ attributes }: OperatorCall): readonly [number, number] {
  const [height = 0, width = 0] = attributes.ints("target_shape") ?? [];
  const count = height * width;
  if (height > 0 && width > 0 && count <= MAX_PIXELS) return [height, width];
  throw new ConversionError("attribute target_shape has to be two extents");
}

const MAX_PIXELS = 1 << 22;

/** Returns planes of numbers, one plane for each that `make` gives a pixel. */
function pixels(
  height: number,
  width: number,
  make: (column: number, row: number) => readonly number[],
): readonly number[] {
  const cells = Array.from(
    { length: height * width },
    (_, i) => make(i % width, Math.floor(i / width)),
  );
  return cells[0]!.flatMap((_, plane) => cells.map((cell) => cell[plane]!));
}

/** Where the pixels of the result come from, [batch, 2, height, width]. */
function affineGrid(
  theta: Value,
  [height, width]: readonly [number, number],
): Value {
  const along = (at: number, extent: number) =>
    extent > 1 ? -1 + at * 2 / (extent - 1) : -1;
  const places = constantOf(theta.graph, {
    type: theta.type,
    shape: [3, height * width],
    numbers: pixels(height, width, (column, row) => [
      along(column, width),
      along(row, height),
      1,
    ]),
  });
  const batch = theta.dims[0]!;
  const moved = matmul(reshape(theta, [batch, 2, 3]), places);
  return reshape(moved, [batch, 2, height, width]);
}

function spatialTransformer(call: OperatorCall): Value {
  call.attributes.choice("transform_type", ["affine"]);
  call.attributes.choice("sampler_type", ["bilinear"]);
  return sampled(input(call, 0), affineGrid(input(call, 1), targetShape(call)));
}
