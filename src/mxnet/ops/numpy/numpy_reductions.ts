import { ConversionError } from "../../conversion_error.ts";
import {
  arg,
  cast,
  div,
  expand,
  extentScalar,
  filled,
  mul,
  pow,
  reduce,
  reshape,
  scalar,
  sub,
  truth,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import { axisOf, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";

/** Reductions of numpy mode, which may leave rank 0. */
export const numpyReductions: OperatorFamily = {
  title: "numpy mode: reductions",
  operators: {
    _np_any: {
      convert: ofTruth("ReduceMax"),
      aliases: ["_np_sometrue", "_npi_any"],
    },
    _np_all: { convert: ofTruth("ReduceMin"), aliases: ["_npi_all"] },
    _npi_argmax: (call) => place(call, "ArgMax"),
    _npi_argmin: (call) => place(call, "ArgMin"),
    _npi_average: average,
    _npi_var: { convert: variance, outputs: ["var", "mean"] },
    _npi_std: {
      convert: (call) => unary("Sqrt", variance(call)),
      outputs: ["std", "mean"],
    },
    _npi_norm: norm,
  },
};

interface Along {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** Without axes all are meant. */
function alongOf({ attributes }: OperatorCall, x: Value): Along {
  const stated = attributes.ints("axis");
  return {
    axes: stated?.map((axis) => axisOf(axis, x.rank)) ??
      x.dims.map((_, axis) => axis),
    keep: attributes.bool("keepdims", false),
  };
}

function ofTruth(operator: "ReduceMax" | "ReduceMin"): OperatorFunction {
  return (call) => {
    const x = input(call, 0);
    const bits = cast(truth(x), "int32");
    return truth(reduce(operator, bits, alongOf(call, x)));
  };
}

/** The place of the first of equal ones, int64. */
function place(call: OperatorCall, operator: "ArgMax" | "ArgMin"): Value {
  const x = input(call, 0);
  const stated = call.attributes.optionalInt("axis");
  const keep = call.attributes.bool("keepdims", false);
  if (stated === undefined) {
    const index = arg(operator, reshape(x, [productOf(x.dims)]), 0);
    return keep ? reshape(index, x.dims.map(() => 1)) : index;
  }
  const axis = axisOf(stated, x.rank);
  const index = arg(operator, x, axis);
  return keep ? unsqueeze(index, [axis]) : index;
}

/** Whole numbers have means with fractions. */
function asFloat(x: Value): Value {
  return isFloat(x.type) ? x : cast(x, "float32");
}

/** A mean, in which elements may weigh more or less. */
function average(call: OperatorCall): Value | readonly Value[] {
  const { attributes } = call;
  const x = asFloat(input(call, 0));
  const along = { ...alongOf(call, x), keep: false };
  const isWeighted = attributes.bool("weighted", true);
  const weights = isWeighted
    ? fittingWeights(asFloat(input(call, 1)), x, along)
    : filled(x.graph, { type: x.type, dims: x.dims, number: 1 });
  const total = reduce("ReduceSum", weights, along);
  const sum = reduce("ReduceSum", mul(x, weights), along);
  const result = div(sum, total);
  if (!attributes.bool("returned", false)) return result;
  return [
    result,
    isWeighted && input(call, 1).rank === x.rank
      ? total
      : reduce("ReduceMax", total, wholly(total)),
  ];
}

/** Where all weights add up to the same, MXNet gives it once. */
function wholly(x: Value): Along {
  return { axes: x.dims.map((_, axis) => axis), keep: false };
}

/** Weights of rank 1 lie along the one axis that is reduced. */
function fittingWeights(weights: Value, x: Value, { axes }: Along): Value {
  if (weights.rank === x.rank) return weights;
  const [axis] = axes;
  if (weights.rank !== 1 || axes.length !== 1) {
    throw new ConversionError("the weights do not fit the data");
  }
  const shape = x.dims.map((_, i) => i === axis ? weights.dims[0]! : 1);
  return expand(reshape(weights, shape), x.dims);
}

/** The mean of squared distances, over `count − ddof`. */
function variance(call: OperatorCall): Value {
  const { attributes } = call;
  const x = asFloat(input(call, 0));
  const along = alongOf(call, x);
  const mean = reduce("ReduceMean", x, { ...along, keep: true });
  const off = sub(x, mean);
  const sum = reduce("ReduceSum", mul(off, off), along);
  const count = along.axes.map((axis) => cast(extentScalar(x, axis), x.type))
    .reduce(mul, scalar(x, 1));
  const freedom = sub(count, scalar(x, attributes.int("ddof", 0)));
  return cast(div(sum, freedom), attributes.type("dtype", x.type));
}

/** By `flag`: 0 and 2 need singular values, −1 takes `ord`, the others 2. */
function norm(call: OperatorCall): Value {
  const { attributes } = call;
  const x = asFloat(input(call, 0));
  const along = alongOf(call, x);
  const flag = attributes.int("flag", -1);
  if (flag === 0 || flag === 2) {
    throw new ConversionError("norms by singular values are not supported");
  }
  const order = flag === -1 ? attributes.float("ord", 2) : 2;
  switch (order) {
    case 1:
      return reduce("ReduceL1", x, along);
    case 2:
      return reduce("ReduceL2", x, along);
    case Infinity:
      return reduce("ReduceMax", unary("Abs", x), along);
    case -Infinity:
      return reduce("ReduceMin", unary("Abs", x), along);
    case 0:
      throw new ConversionError("attribute ord is 0");
    default: {
      const powers = pow(unary("Abs", x), scalar(x, order));
      const sum = reduce("ReduceSum", powers, along);
      return pow(sum, scalar(sum, 1 / order));
    }
  }
}
