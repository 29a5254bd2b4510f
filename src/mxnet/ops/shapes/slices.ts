import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  extentsOf,
  int64s,
  slice,
  type SliceRange,
} from "../../emit/emit.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  fixedDim,
  sameDim,
  showDims,
} from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { diagonal } from "../algebra/diagonal.ts";
import { fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { sliceChannel, splitAt } from "./splits.ts";

/** Parts of a value. */
export const slices: OperatorFamily = {
  title: "Parts",
  operators: {
    slice: { convert: sliced, aliases: ["crop"] },
    slice_axis: slicedAxis,
    slice_like: { convert: sliceLike, inputs: ["data", "shape_like"] },
    SliceChannel: { convert: sliceChannel, aliases: ["split"] },
    _split_v2: { convert: splitAt, aliases: ["_npi_hsplit", "_npi_dsplit"] },
    reverse: { convert: flipped, aliases: ["flip"] },
    Crop: cropped,
    diag: diagonal,
  },
};

function sliced(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const begins = attributes.optionalInts("begin");
  const ends = attributes.optionalInts("end");
  const steps = attributes.optionalInts("step");
  if (begins.length > data.rank || begins.length !== ends.length) {
    throw new ConversionError(
      `begin and end have ${begins.length} and ${ends.length} numbers for ${
        showDims(data.dims)
      }`,
    );
  }
  return slice(
    data,
    begins.map((begin, axis): SliceRange => ({
      axis,
      begin,
      end: ends[axis],
      step: steps[axis],
    })),
  );
}

function slicedAxis(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.requiredInt("axis"), data.rank);
  const begin = attributes.requiredInt("begin");
  const end = attributes.optionalInt("end");
  const part = slice(data, [{ axis, begin, end }]);
  if (!part.dims.includes(0)) return part;
  throw new ConversionError(`the slice is empty: ${showDims(part.dims)}`);
}

function sliceLike(call: OperatorCall): Value {
  const [data, like] = [input(call, 0), input(call, 1)];
  const stated = call.attributes.ints("axes") ?? [];
  const axes = stated.length === 0
    ? data.dims.map((_, axis) => axis)
    : stated.map((axis) => axisOf(axis, data.rank));
  const dims: Dim[] = [...data.dims];
  for (const axis of axes) {
    const wanted = like.dims[axis];
    if (wanted === undefined) {
      throw new ConversionError(`axis ${axis} is missing`);
    }
    dims[axis] = computeDim(
      (from, to) => {
        if (to <= from) return to;
        throw new ConversionError(
          `axis ${axis} has ${from}, ${to} are asked for`,
        );
      },
      data.dims[axis]!,
      wanted,
    );
  }
  return cropTo(data, { axes, dims, begins: axes.map(() => 0) });
}

/** Cuts some axes to extents that may differ from run to run. */
function cropTo(
  x: Value,
  { axes, dims, begins }: {
    readonly axes: readonly number[];
    readonly dims: readonly Dim[];
    readonly begins: readonly number[];
  },
): Value {
  const cut = axes.filter((axis) => !sameDim(dims[axis]!, x.dims[axis]!));
  if (cut.length === 0) return x;
  const starts = cut.map((axis) => begins[axes.indexOf(axis)]!);
  const ends = cut.map((axis, i) =>
    computeDim((extent) => extent + starts[i]!, dims[axis]!)
  );
  return apply("Slice", [x], {
    dims,
    also: [
      int64s(x.graph, starts),
      extentsOf(x.graph, ends),
      int64s(x.graph, cut),
    ],
  });
}

function flipped(call: OperatorCall): Value {
  const data = input(call, 0);
  const axes = call.attributes.requiredInts("axis");
  return slice(
    data,
    axes.map((axis) => ({ axis: axisOf(axis, data.rank), step: -1 })),
  );
}

function cropped(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  requireRank(data, [4]);
  const like = call.inputs[1];
  const [height = 0, width = 0] = attributes.ints("h_w") ?? [];
  const wanted = like === undefined ? [height, width] : like.dims.slice(2);
  const offset = attributes.bool("center_crop", false)
    ? fixedSpatial(data).map((extent, i) =>
      Math.floor((extent - fixedDim(wanted[i]!, "the height and width")) / 2)
    )
    : attributes.ints("offset") ?? [0, 0];
  const cut = wanted.map((to, i) =>
    computeDim(
      (from, size) => {
        if (size > 0 && offset[i]! >= 0 && offset[i]! + size <= from) {
          return size;
        }
        throw new ConversionError(`${size} at ${offset[i]} leave ${from}`);
      },
      data.dims[i + 2]!,
      to,
    )
  );
  return cropTo(data, {
    axes: [2, 3],
    dims: [...data.dims.slice(0, 2), ...cut],
    begins: offset,
  });
}
