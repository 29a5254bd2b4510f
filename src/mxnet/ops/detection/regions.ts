import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  addScalar,
  apply,
  cast,
  constantOf,
  matmul,
  mul,
  reshape,
  transpose,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { regionAlign, regionPooling } from "./box_regions.ts";
import { fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

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
  requireRank(data, [4]);
  const [height, width] = fixedSpatial(data) as readonly [number, number];
  if (height * width > MAX_PIXELS) {
    throw new ConversionError(`its input has ${height} × ${width} pixels`);
  }
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
