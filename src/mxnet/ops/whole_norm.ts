import {
  cast,
  compare,
  mul,
  pow,
  reduce,
  type Reduction,
  scalar,
  unary,
} from "../emit/emit.ts";
import type { Value } from "../onnx/value.ts";

/**
 * MXNet adds up powers of shares of the largest number, which of whole numbers
 * are 0 or 1: how often the largest is there counts, nothing else.
 */
export function wholeNorm(x: Value, order: number, along: Reduction): Value {
  const sizes = unary("Abs", x);
  const most = reduce("ReduceMax", sizes, { axes: along.axes, keep: true });
  const times = cast(compare("Equal", sizes, most), "float32");
  const count = reduce("ReduceSum", times, { axes: along.axes, keep: true });
  const root = pow(count, scalar(count, 1 / order));
  // A root such as 8 to the power of ⅓ may come out a little small.
  const whole = unary("Floor", mul(root, scalar(root, 1 + 1e-6)));
  const norm = mul(most, cast(whole, x.type));
  return along.keep ? norm : reduce("ReduceMax", norm, along);
}
