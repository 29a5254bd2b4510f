import { ConversionError } from "../conversion_error.ts";
import { sameDim, showDims } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { broadcastDims } from "./arithmetic.ts";
import { apply } from "./kernel.ts";
import { transpose } from "./layout.ts";

/**
 * Returns the matrix product along the last two axes, the others broadcast.
 *
 * @throws {ConversionError} if the inner extents differ
 */
export function matmul(a: Value, b: Value): Value {
  const inner = a.dims.at(-1)!;
  if (a.rank < 2 || b.rank < 2 || !sameDim(inner, b.dims.at(-2)!)) {
    throw new ConversionError(
      `matrices ${showDims(a.dims)} and ${
        showDims(b.dims)
      } cannot be multiplied`,
    );
  }
  const batch = broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2));
  return apply("MatMul", [a, b], {
    dims: [...batch, a.dims.at(-2)!, b.dims.at(-1)!],
  });
}

/** Returns the value with its last two axes exchanged. */
export function transposeLast(x: Value): Value {
  const order = x.dims.map((_, axis) => axis);
  const last = x.rank - 1;
  return transpose(x, [...order.slice(0, -2), last, last - 1]);
}

/** Returns `Softmax` or `LogSoftmax` along one axis. */
export function softmax(
  x: Value,
  axis: number,
  operator: "Softmax" | "LogSoftmax" = "Softmax",
): Value {
  return apply(operator, [x], {
    dims: x.dims,
    attributes: { axis: { int: axis } },
  });
}
