import { moveAxis } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import type { Attributes } from "../../symbol/attributes.ts";

/** Returns whether the `layout` has channels behind (`NHWC`, `NWC`, `NDHWC`). */
export function isChannelsLast(attributes: Attributes): boolean {
  const layouts = ["NCW", "NCHW", "NCDHW", "NWC", "NHWC", "NDHWC"] as const;
  return attributes.choice("layout", layouts, "NCHW").endsWith("C");
}

/** Returns a channels-last value with its channels on axis 1. */
export function channelsFirst(x: Value): Value {
  return moveAxis(x, x.rank - 1, 1);
}

/** Returns a value with channels on axis 1 as channels-last. */
export function channelsLast(x: Value): Value {
  return moveAxis(x, 1, x.rank - 1);
}
