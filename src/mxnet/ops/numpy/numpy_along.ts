import type { Reduction } from "../../emit/emit.ts";
import { axisOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import type { OperatorCall } from "../operator.ts";

/** Returns the axes as `axis` has them, in its order; without it, all. */
export function alongOf({ attributes }: OperatorCall, x: Value): Reduction {
  const stated = attributes.ints("axis");
  return {
    axes: stated?.map((axis) => axisOf(axis, x.rank)) ??
      x.dims.map((_, axis) => axis),
    keep: attributes.bool("keepdims", false),
  };
}
