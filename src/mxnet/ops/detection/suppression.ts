import {
  apply,
  cast,
  constantOf,
  filled,
  int64s,
  slice,
} from "../../emit/emit.ts";
import { concat } from "../../emit/emit.ts";
import { dimOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";

/** The score of boxes that take no part. */
export const ABSENT = Number.NEGATIVE_INFINITY;

const LOWEST = -3.4028234663852886e38;
/** An extent that nothing in the graph but the data decides. */
const SURVIVORS = dimOf([1009, 1013, 1019, 1021]);

/**
 * Returns 1 for each box that survives non-maximum suppression, 0 for others.
 *
 * @param boxes corners, [batch, count, 4]
 * @param scores [batch, classes, count]; `ABSENT` for boxes that take no part
 * @returns int64 [batch, count]; a box survives if it does in any class
 */
export function survivors(
  boxes: Value,
  scores: Value,
  threshold: number,
): Value {
  const { graph } = boxes;
  const [batch, , count] = scores.dims;
  const number = (value: number) =>
    constantOf(graph, { type: "float32", shape: [1], numbers: [value] });
  const [selected] = graph.emit("NonMaxSuppression", [
    cast(boxes, "float32"),
    cast(scores, "float32"),
    int64s(graph, [2 ** 31 - 1]),
    number(threshold),
    number(LOWEST),
  ], { outputs: [{ type: "int64", dims: [SURVIVORS, 3] }] });
  const place = concat([
    slice(selected!, [{ axis: 1, begin: 0, end: 1 }]),
    slice(selected!, [{ axis: 1, begin: 2, end: 3 }]),
  ], 1);
  const none = filled(graph, {
    type: "int64",
    dims: [batch!, count!],
    number: 0,
  });
  const ones = filled(graph, { type: "int64", dims: [SURVIVORS], number: 1 });
  return apply("ScatterND", [none], { dims: none.dims, also: [place, ones] });
}

/** Returns the next smaller float32: what exceeds it is at least `number`. */
export function justBelow(number: number): number {
  const bits = new Uint32Array(Float32Array.of(number).buffer);
  return number > 0
    ? new Float32Array(Uint32Array.of(bits[0]! - 1).buffer)[0]!
    : number;
}
