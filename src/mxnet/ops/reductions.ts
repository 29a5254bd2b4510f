import { ConversionError } from "../conversion_error.ts";
import {
  apply,
  arg,
  cast,
  constantOf,
  mul,
  reduce,
  type Reducer,
  reshape,
  scalar,
  sub,
  unsqueeze,
  where,
} from "../emit/emit.ts";
import { isFloat } from "../element_type.ts";
import { axisOf, productOf } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";
import { wholeNorm } from "./whole_norm.ts";

/** One value for many. */
export const reductions: OperatorFamily = {
  title: "Reductions",
  operators: {
    sum: { convert: reduction("ReduceSum"), aliases: ["sum_axis"] },
    mean: reduction("ReduceMean"),
    max: { convert: reduction("ReduceMax"), aliases: ["max_axis"] },
    min: { convert: reduction("ReduceMin"), aliases: ["min_axis"] },
    prod: reduction("ReduceProd"),
    nansum: (call) => reduced(call, "ReduceSum", withoutNan(input(call, 0), 0)),
    nanprod: (call) =>
      reduced(call, "ReduceProd", withoutNan(input(call, 0), 1)),
    norm,
    square_sum: {
      convert: (call) => reduced(call, "ReduceSumSquare", input(call, 0)),
      aliases: ["_square_sum"],
    },
    moments,
    cumsum: { convert: cumulative, aliases: ["_np_cumsum", "_npi_cumsum"] },
    argmax: (call) => argument(call, "ArgMax"),
    argmin: (call) => argument(call, "ArgMin"),
    argmax_channel: (call) => {
      const data = input(call, 0);
      return cast(arg("ArgMax", data, 1), data.type);
    },
  },
};

function reduction(operator: Reducer): (call: OperatorCall) => Value {
  return (call) => reduced(call, operator, input(call, 0));
}

/** Without axes all are meant; MXNet has no rank 0, what is left is (1,). */
function reduced(call: OperatorCall, operator: Reducer, x: Value): Value {
  const keep = call.attributes.bool("keepdims", false);
  const axes = axesOf(call, x);
  return atLeastOne(reduce(operator, x, { axes, keep }));
}

function atLeastOne(x: Value): Value {
  return x.rank === 0 ? reshape(x, [1]) : x;
}

function axesOf({ attributes }: OperatorCall, x: Value): readonly number[] {
  const all = x.dims.map((_, axis) => axis);
  const stated = (attributes.ints("axis") ?? []).map((axis) =>
    axisOf(axis, x.rank)
  );
  if (stated.length === 0) return all;
  if (!attributes.bool("exclude", false)) {
    return all.filter((a) => stated.includes(a));
  }
  return all.filter((axis) => !stated.includes(axis));
}

function withoutNan(x: Value, instead: number): Value {
  if (!isFloat(x.type)) return x;
  const isNan = apply("IsNaN", [x], { dims: x.dims, type: "bool" });
  return where(isNan, scalar(x, instead), x);
}

function norm(call: OperatorCall): Value {
  const { attributes } = call;
  const order = attributes.int("ord", 2);
  if (order !== 1 && order !== 2) {
    throw new ConversionError(`attribute ord is ${order}, it has to be 1 or 2`);
  }
  const type = attributes.has("out_dtype")
    ? attributes.type("out_dtype", "float32")
    : input(call, 0).type;
  const x = cast(input(call, 0), type);
  if (order === 1 || isFloat(type)) return reduced(call, `ReduceL${order}`, x);
  const keep = attributes.bool("keepdims", false);
  return atLeastOne(wholeNorm(x, order, { axes: axesOf(call, x), keep }));
}

/** Mean and variance along `axes`. */
function moments(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const x = input(call, 0);
  const keep = attributes.bool("keepdims", false);
  const stated = attributes.ints("axes") ?? [];
  const axes = stated.length === 0
    ? x.dims.map((_, axis) => axis)
    : stated.map((axis) => axisOf(axis, x.rank));
  const mean = reduce("ReduceMean", x, { axes, keep: true });
  const centred = sub(x, mean);
  return [x, mul(centred, centred)].map((value) => {
    return atLeastOne(reduce("ReduceMean", value, { axes, keep }));
  });
}

/** The first of equal ones; without an axis, of all elements. Typed as those. */
function argument(call: OperatorCall, operator: "ArgMax" | "ArgMin"): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const stated = attributes.optionalInt("axis");
  const keep = attributes.bool("keepdims", false);
  if (stated === undefined) {
    const flat = reshape(data, [productOf(data.dims)]);
    const index = cast(arg(operator, flat, 0), data.type);
    return reshape(index, keep ? data.dims.map(() => 1) : [1]);
  }
  const axis = axisOf(stated, data.rank);
  const index = cast(arg(operator, data, axis), data.type);
  if (keep) return unsqueeze(index, [axis]);
  return index.rank === 0 ? reshape(index, [1]) : index;
}

/** Sums of all elements up to each one; without an axis in one row. */
function cumulative(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const stated = attributes.optionalInt("axis");
  const x = stated === undefined ? reshape(data, [productOf(data.dims)]) : data;
  const type = attributes.type("dtype", x.type);
  const axis = constantOf(x.graph, {
    type: "int64",
    shape: [],
    numbers: [axisOf(stated ?? 0, x.rank)],
  });
  return apply("CumSum", [cast(x, type)], { dims: x.dims, also: [axis] });
}
