/**
 * Comparison of what a graph gave with what MXNet gave.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHalfBits } from "../../../src/tensor/half.ts";
import type { Tensor } from "../../../src/tensor/mod.ts";
import { assertClose } from "../../support/close.ts";
import type { ReferenceCase } from "./reference_case.ts";
import type { CheckpointRun } from "./run_checkpoint.ts";

/** Asserts that a run gave what a case expects: names, types, shapes, numbers. */
export function assertReference(
  reference: ReferenceCase,
  { graph, outputs }: CheckpointRun,
): void {
  assert.deepEqual(
    graph.outputs.map(({ name }) => name),
    reference.outputs.map(({ name }) => name),
    "names of the outputs",
  );
  for (const [i, { name, tensor }] of reference.outputs.entries()) {
    const actual = outputs[i]!;
    assert.equal(actual.type, tensor.type, `type of ${name}`);
    assert.deepEqual([...actual.shape], [...tensor.shape], `shape of ${name}`);
    const numbers = reference.detections ? detections : numbersOf;
    assertClose(numbers(actual), numbers(tensor), reference.tolerance);
  }
}

/** Returns a tensor's elements as numbers. */
export function numbersOf({ type, data }: Tensor): readonly number[] {
  return type === "float16"
    ? Array.from(fromHalfBits(data))
    : Array.from(data as ArrayLike<number | bigint>, Number);
}

const ROW = 6;

/** Only rows with an id count, with how many of them each image has. */
function detections(tensor: Tensor): readonly number[] {
  const numbers = numbersOf(tensor);
  const perImage = tensor.shape.at(-2)! * ROW;
  const result: number[] = [];
  for (let start = 0; start < numbers.length; start += perImage) {
    const rows = Array.from(
      { length: perImage / ROW },
      (_, i) => numbers.slice(start + i * ROW, start + (i + 1) * ROW),
    );
    const real = rows.filter(([id]) => id! >= 0);
    result.push(real.length, ...real.flat());
  }
  return result;
}
