import { ConversionError } from "../../conversion_error.ts";
import { expand, reshape, tile, unsqueeze } from "../../emit/emit.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  type Dims,
  holds,
  productOf,
} from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Elements that are repeated. */
export const repetitions: OperatorFamily = {
  title: "Repetition",
  operators: {
    tile: tiled,
    repeat: repeated,
    broadcast_to: broadcastTo,
    broadcast_axis: { convert: broadcastAxis, aliases: ["broadcast_axes"] },
    broadcast_like: { convert: broadcastLike, inputs: ["lhs", "rhs"] },
  },
};

/** Returns the value with extents of 1 in front, up to a rank. */
function raised(x: Value, rank: number): Value {
  const missing = Math.max(0, rank - x.rank);
  return reshape(x, [...new Array<Dim>(missing).fill(1), ...x.dims]);
}

function tiled(call: OperatorCall): Value {
  const reps = call.attributes.requiredInts("reps");
  const data = raised(input(call, 0), reps.length);
  const ones = new Array<number>(data.rank - reps.length).fill(1);
  return tile(data, [...ones, ...reps]);
}

function repeated(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const count = attributes.requiredInt("repeats");
  const stated = attributes.optionalInt("axis");
  const x = stated === undefined ? reshape(data, [productOf(data.dims)]) : data;
  const axis = axisOf(stated ?? 0, x.rank);
  const behind = unsqueeze(x, [axis + 1]);
  const times = behind.dims.map((_, i) => i === axis + 1 ? count : 1);
  const whole = computeDim((extent) => extent * count, x.dims[axis]!);
  return reshape(tile(behind, times), x.dims.with(axis, whole));
}

function broadcastTo(call: OperatorCall): Value {
  const data = input(call, 0);
  const shape = call.attributes.requiredInts("shape");
  const x = raised(data, shape.length);
  return expandTo(x, shape.map((extent, axis) => extent || x.dims[axis]!));
}

/** Only extents of 1 can grow. */
function expandTo(x: Value, dims: Dims): Value {
  const fits = x.rank === dims.length && x.dims.every((dim, axis) =>
    holds(
      computeDim(
        (from, to) => from === to || from === 1 ? 1 : 0,
        dim,
        dims[axis]!,
      ),
      (truth) => truth === 1,
    )
  );
  if (fits) return expand(x, dims);
  throw new ConversionError("only extents of 1 can be broadcast");
}

function broadcastAxis(call: OperatorCall): Value {
  const data = input(call, 0);
  const axes = call.attributes.ints("axis") ?? [];
  const sizes = call.attributes.ints("size") ?? [];
  if (axes.length !== sizes.length) {
    throw new ConversionError("attributes axis and size differ in length");
  }
  const dims: Dim[] = [...data.dims];
  for (const [i, axis] of axes.entries()) {
    dims[axisOf(axis, data.rank)] = sizes[i]!;
  }
  return expandTo(data, dims);
}

function broadcastLike(call: OperatorCall): Value {
  const [left, right] = [input(call, 0), input(call, 1)];
  const leftAxes = call.attributes.ints("lhs_axes");
  const rightAxes = call.attributes.ints("rhs_axes");
  if (leftAxes === undefined || rightAxes === undefined) {
    return expandTo(left, right.dims);
  }
  const dims: Dim[] = [...left.dims];
  for (const [i, axis] of leftAxes.entries()) {
    const from = axisOf(rightAxes[i] ?? right.rank, right.rank);
    dims[axisOf(axis, left.rank)] = right.dims[from]!;
  }
  return expandTo(left, dims);
}
