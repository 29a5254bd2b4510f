import { ConversionError } from "../../conversion_error.ts";
import { isFloat } from "../../element_type.ts";
import { pow, reduce, type Reduction, scalar, unary } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";
import { wholeNorm } from "../whole_norm.ts";
import { alongOf } from "./numpy_along.ts";

/**
 * By `flag`: 0 and 2 need singular values; −1 takes `ord`, which means norms of
 * matrices where there are two axes; the others are the root of squares.
 */
export function norm(call: OperatorCall): Value {
  const { attributes } = call;
  const x = input(call, 0);
  const along = alongOf(call, x);
  const flag = attributes.int("flag", -1);
  if (flag === 0 || flag === 2) throw bySingularValues();
  const order = flag === -1 || flag === 3 ? attributes.float("ord", 2) : 2;
  return flag === -1 && along.axes.length === 2
    ? matrixNorm(x, order, along)
    : vectorNorm(x, order, along);
}

function bySingularValues(): Error {
  return new ConversionError(
    "norms by singular values are not supported, the Frobenius norm (ord None) is",
  );
}

/** Sums along one axis, of which the largest or smallest along the other. */
function matrixNorm(x: Value, order: number, { axes, keep }: Reduction): Value {
  const isInfinite = Math.abs(order) === Number.POSITIVE_INFINITY;
  if (!isInfinite && Math.abs(order) !== 1) throw bySingularValues();
  const [first, second] = axes as readonly [number, number];
  const [summed, left] = isInfinite ? [second, first] : [first, second];
  const sums = reduce("ReduceSum", unary("Abs", x), {
    axes: [summed],
    keep: true,
  });
  const most = reduce(order > 0 ? "ReduceMax" : "ReduceMin", sums, {
    axes: [left],
    keep: true,
  });
  return keep ? most : reduce("ReduceMax", most, { axes, keep });
}

function vectorNorm(x: Value, order: number, along: Reduction): Value {
  switch (order) {
    case 1:
      return reduce("ReduceL1", x, along);
    case Infinity:
      return reduce("ReduceMax", unary("Abs", x), along);
    case -Infinity:
      return reduce("ReduceMin", unary("Abs", x), along);
    case 0:
      throw new ConversionError("attribute ord is 0");
  }
  if (!isFloat(x.type)) return wholeNorm(x, order, along);
  if (order === 2) return reduce("ReduceL2", x, along);
  const powers = pow(unary("Abs", x), scalar(x, order));
  const sum = reduce("ReduceSum", powers, along);
  return pow(sum, scalar(sum, 1 / order));
}
