import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  concat,
  extentsOf,
  int64s,
  pad,
  reshape,
  squeeze,
  transpose,
  unsqueeze,
} from "../../emit/emit.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  holds,
  productOf,
} from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { resolveCodes, resolveTarget } from "./reshape_codes.ts";

/** Other extents for the same elements. */
export const shapes: OperatorFamily = {
  title: "Shapes",
  operators: {
    Reshape: { convert: reshaped, aliases: ["reshape"] },
    reshape_like: { convert: reshapeLike, inputs: ["lhs", "rhs"] },
    transpose: transposed,
    SwapAxis: { convert: swapAxes, aliases: ["swapaxes"] },
    expand_dims: (call) =>
      unsqueeze(input(call, 0), [call.attributes.requiredInt("axis")]),
    squeeze: squeezed,
    stack: stacked,
    Pad: { convert: padded, aliases: ["pad"] },
    depth_to_space: (call) => blocks(call, "DepthToSpace"),
    space_to_depth: (call) => blocks(call, "SpaceToDepth"),
    shape_array: shapeArray,
    size_array: (call) => {
      const { graph, dims } = input(call, 0);
      return extentsOf(graph, [productOf(dims)]);
    },
  },
};

function reshaped(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const codes = attributes.ints("shape") ?? [];
  if (codes.length > 0) {
    const reverse = attributes.bool("reverse", false);
    return reshape(data, resolveCodes(data.dims, codes, reverse));
  }
  const target = attributes.ints("target_shape") ?? [];
  if (target.length === 0) {
    throw new ConversionError("attribute shape is missing");
  }
  const keep = attributes.bool("keep_highest", false);
  return reshape(data, resolveTarget(data.dims, target, keep));
}

function reshapeLike(call: OperatorCall): Value {
  const { attributes } = call;
  const [left, right] = [input(call, 0), input(call, 1)];
  const range = (side: string, rank: number) => {
    const place = (name: string, missing: number) => {
      const at = attributes.optionalInt(`${side}_${name}`) ?? missing;
      return at < 0 ? at + rank : at;
    };
    return [place("begin", 0), place("end", rank)] as const;
  };
  const [start, end] = range("lhs", left.rank);
  return reshape(left, [
    ...left.dims.slice(0, start),
    ...right.dims.slice(...range("rhs", right.rank)),
    ...left.dims.slice(end),
  ]);
}

function transposed(call: OperatorCall): Value {
  const data = input(call, 0);
  const axes = call.attributes.ints("axes") ?? [];
  const order = axes.length === 0
    ? data.dims.map((_, axis) => axis).reverse()
    : axes.map((axis) => axisOf(axis, data.rank));
  if (new Set(order).size !== data.rank || order.length !== data.rank) {
    throw new ConversionError(
      `axes (${axes.join(", ")}) do not order ${data.rank} axes`,
    );
  }
  return transpose(data, order);
}

function swapAxes(call: OperatorCall): Value {
  const data = input(call, 0);
  const a = axisOf(call.attributes.int("dim1", 0), data.rank);
  const b = axisOf(call.attributes.int("dim2", 0), data.rank);
  const order = data.dims.map((_, axis) => axis);
  return transpose(data, order.with(a, b).with(b, a));
}

function squeezed(call: OperatorCall): Value {
  const data = input(call, 0);
  const stated = call.attributes.ints("axis");
  const axes = stated?.map((axis) => axisOf(axis, data.rank)) ??
    data.dims.flatMap((dim, axis) => holds(dim, (n) => n === 1) ? [axis] : []);
  const single = axes.length === data.rank;
  return single ? reshape(data, [1]) : squeeze(data, axes);
}

function stacked(call: OperatorCall): Value {
  const rank = input(call, 0).rank + 1;
  const axis = axisOf(call.attributes.int("axis", 0), rank);
  return concat(call.inputs.map((value) => unsqueeze(value, [axis])), axis);
}

function padded(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const modes = ["constant", "edge", "reflect"] as const;
  const widths = attributes.requiredInts("pad_width");
  if (widths.length !== 2 * data.rank || widths.some((width) => width < 0)) {
    throw new ConversionError(
      `attribute pad_width has ${widths.length} numbers, it would have to have ${
        2 * data.rank
      } from 0 on`,
    );
  }
  return pad(data, {
    before: widths.filter((_, i) => i % 2 === 0),
    after: widths.filter((_, i) => i % 2 === 1),
    mode: attributes.choice("mode", modes),
    fill: attributes.float("constant_value", 0),
  });
}

function blocks(
  call: OperatorCall,
  operator: "DepthToSpace" | "SpaceToDepth",
): Value {
  const data = input(call, 0);
  const size = call.attributes.requiredInt("block_size");
  const [batch, channels, height, width] = data.dims;
  if (data.rank !== 4 || size < 1) {
    throw new ConversionError("it takes four axes and blocks of 1 or more");
  }
  const toSpace = operator === "DepthToSpace";
  const deep = (dim: Dim) =>
    computeDim((d) => toSpace ? d / size / size : d * size * size, dim);
  const wide = (dim: Dim) =>
    computeDim((d) => toSpace ? d * size : d / size, dim);
  const dims = [batch!, deep(channels!), wide(height!), wide(width!)];
  return apply(operator, [data], {
    dims,
    attributes: { blocksize: { int: size } },
  });
}

function shapeArray(call: OperatorCall): Value {
  const data = input(call, 0);
  return data.dims.every((dim) => typeof dim === "number")
    ? int64s(data.graph, data.dims)
    : apply("Shape", [data], { type: "int64", dims: [data.rank] });
}
