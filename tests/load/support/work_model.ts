/**
 * A model whose answer tells the request, and that works as long, or takes as
 * much memory, as the request wants. The built-in JSON service runs it.
 *
 * @module
 */

import { type ModelSource, onnxModel } from "../../support/onnx_model.ts";
import type { TempFolder } from "../../support/temp.ts";

/** `out = data + Σ(Z·Z)`, Z being zeros, as many as `side` says: `data` again. */
const WORK: ModelSource = {
  inputs: [
    { name: "data", type: "float32", shape: [1, 4] },
    { name: "side", type: "int64", shape: [1, 2] },
  ],
  outputs: [{ name: "out", type: "float32", shape: [1, 4] }],
  nodes: [
    { op: "Squeeze", inputs: ["side"], outputs: ["shape"] },
    { op: "ConstantOfShape", inputs: ["shape"], outputs: ["zeros"] },
    { op: "MatMul", inputs: ["zeros", "zeros"], outputs: ["product"] },
    { op: "ReduceSum", inputs: ["product"], outputs: ["sum"] },
    { op: "Add", inputs: ["data", "sum"], outputs: ["out"] },
  ],
};

/** The same, but the answer has the other sign. */
const NEGATIVE: ModelSource = {
  ...WORK,
  nodes: [
    ...WORK.nodes.slice(0, -1),
    { op: "Sub", inputs: ["sum", "data"], outputs: ["out"] },
  ],
};

/** How much work a request is: rows and columns of a product of matrices. */
export const SIDE = {
  /** Microseconds. */
  quick: 1,
  /** A few milliseconds. */
  busy: 300,
  /** Some seconds. */
  slow: 4000,
  /** Longer than any test waits: 10¹² multiplications, half a gigabyte. */
  endless: 10_000,
} as const;

/** Which of the two graphs. */
export type WorkSign = "positive" | "negative";

/** Writes the folder of the model and returns its path. */
export async function writeWorkModel(
  folder: TempFolder,
  name = "work",
  sign: WorkSign = "positive",
): Promise<string> {
  const source = sign === "positive" ? WORK : NEGATIVE;
  await folder.write(`${name}/net.onnx`, onnxModel(source));
  return `${folder.path}/${name}`;
}

/** One request, and what it is to be answered with. */
export interface Question {
  readonly id: string;
  readonly body: string;
  readonly answers: Readonly<Record<WorkSign, string>>;
}

let questions = 0;

/** Returns a request that no other is like. */
export function newQuestion(side: number = SIDE.quick): Question {
  const id = ++questions; // Exact as float32 up to 2²⁴.
  const row = [id, id % 7, id % 11, 1];
  return {
    id: `q${id}`,
    body: JSON.stringify({ data: [row], side: [[side, side]] }),
    answers: {
      positive: JSON.stringify([[row]]),
      negative: JSON.stringify([[row.map((value) => -value)]]),
    },
  };
}
