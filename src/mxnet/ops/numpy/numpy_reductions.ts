import { ConversionError } from "../../conversion_error.ts";
import {
  arg,
  cast,
  div,
  elementsAlong,
  expand,
  filled,
  mul,
  reduce,
  type Reduction,
  reshape,
  scalar,
  sub,
  truth,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import { axisOf, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";
import { alongOf } from "./numpy_along.ts";
import { norm } from "./numpy_norms.ts";
import { percentile } from "./percentile.ts";

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
    _npi_percentile: percentile,
  },
};

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

/** A mean, in which elements may weigh more or less. */
function average(call: OperatorCall): Value | readonly Value[] {
  const { attributes } = call;
  const x = input(call, 0);
  const along = { ...alongOf(call, x), keep: false };
  const isWeighted = attributes.bool("weighted", true);
  const weights = isWeighted
    ? fittingWeights(cast(input(call, 1), x.type), x, along)
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
function wholly(x: Value): Reduction {
  return { axes: x.dims.map((_, axis) => axis), keep: false };
}

/** Weights of rank 1 lie along the one axis that is reduced. */
function fittingWeights(weights: Value, x: Value, { axes }: Reduction): Value {
  if (weights.rank === x.rank) return weights;
  const [axis] = axes;
  if (weights.rank !== 1 || axes.length !== 1) {
    throw new ConversionError("the weights do not fit the data");
  }
  const shape = x.dims.map((_, i) => i === axis ? weights.dims[0]! : 1);
  return expand(reshape(weights, shape), x.dims);
}

/** The mean of squared distances, over `count − ddof`; whole numbers stay so. */
function variance(call: OperatorCall): Value {
  const { attributes } = call;
  const x = input(call, 0);
  const along = alongOf(call, x);
  const type = attributes.type("dtype", x.type);
  const mean = reduce("ReduceMean", x, { ...along, keep: true });
  const off = sub(x, mean);
  const sum = reduce("ReduceSum", cast(mul(off, off), type), along);
  const count = cast(elementsAlong(x, along.axes), sum.type);
  return div(sum, sub(count, scalar(sum, attributes.int("ddof", 0))));
}
