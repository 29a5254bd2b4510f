import { type Dim, type Dims, productOf } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { isFloat } from "../element_type.ts";
import { div, mul, unary } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { int64s, scalar } from "./constants.ts";
import { extentScalar } from "./gather.ts";
import { apply } from "./kernel.ts";

/** Along which axes, and whether they stay, with extent 1. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** The reductions of ONNX. */
export type Reducer =
  | "ReduceSum"
  | "ReduceMean"
  | "ReduceMax"
  | "ReduceMin"
  | "ReduceProd"
  | "ReduceL1"
  | "ReduceL2"
  | "ReduceSumSquare";

/** Returns the value reduced along axes counted from the front. */
export function reduce(
  operator: Reducer,
  x: Value,
  { axes, keep }: Reduction,
): Value {
  if (axes.length === 0) return ofOne(operator, x);
  if (operator === "ReduceMean" && !isFloat(x.type)) {
    return wholeMean(x, { axes, keep });
  }
  const dims = reducedDims(x.dims, { axes, keep });
  const keepdims = { keepdims: { int: keep ? 1 : 0 } };
  // ReduceSum takes its axes as an input since opset 13, the others from 18 on.
  return operator === "ReduceSum"
    ? apply(operator, [x], {
      dims,
      attributes: keepdims,
      also: [int64s(x.graph, axes)],
    })
    : apply(operator, [x], {
      dims,
      attributes: { axes: { ints: axes }, ...keepdims },
    });
}

/** MXNet sums whole numbers in their type, a byte runs over; what is over is cut. */
function wholeMean(x: Value, along: Reduction): Value {
  const sum = cast(reduce("ReduceSum", x, along), "int64");
  return cast(div(sum, elementsAlong(x, along.axes)), x.type);
}

/** Returns how many elements the axes have, int64 of rank 0, in every run. */
export function elementsAlong(x: Value, axes: readonly number[]): Value {
  const one = scalar(int64s(x.graph, [1]), 1);
  return axes.map((axis) => extentScalar(x, axis)).reduce(mul, one);
}

/** Each element is all that is reduced. */
function ofOne(operator: Reducer, x: Value): Value {
  if (operator === "ReduceSumSquare") return mul(x, x);
  const isLength = operator === "ReduceL1" || operator === "ReduceL2";
  return isLength ? unary("Abs", x) : x;
}

function reducedDims(dims: Dims, { axes, keep }: Reduction): Dims {
  return dims.flatMap((dim, axis) =>
    !axes.includes(axis) ? [dim] : keep ? [1] : []
  );
}

/** Returns where along the axis the largest or smallest element is; int64. */
export function arg(
  operator: "ArgMax" | "ArgMin",
  x: Value,
  axis: number,
): Value {
  return apply(operator, [x], {
    type: "int64",
    dims: x.dims.toSpliced(axis, 1),
    attributes: { axis: { int: axis }, keepdims: { int: 0 } },
  });
}

/** Returns the product of the extents of some axes. */
export function countAlong(x: Value, axes: readonly number[]): Dim {
  return productOf(axes.map((axis) => x.dims[axis]!));
}
