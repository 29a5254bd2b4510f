import { add, cast, mul, reshape } from "../../emit/emit.ts";
import type { Dim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectVector } from "../expect.ts";

/** Returns x · gamma + beta with these along one axis. */
export function scaleAlong(
  x: Value,
  axis: number,
  [gamma, beta]: readonly [Value, Value],
): Value {
  const shape = x.dims.map((dim, i): Dim => i === axis ? dim : 1);
  const along = (value: Value, what: string) =>
    cast(reshape(expectVector(value, what, x.dims[axis]!), shape), x.type);
  return add(mul(x, along(gamma, "gamma")), along(beta, "beta"));
}
