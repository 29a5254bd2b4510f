/**
 * Converts checkpoints and runs them in ONNX Runtime.
 *
 * @module
 */

import { onnxEngine } from "../../../src/engine/mod.ts";
import {
  type CheckpointInput,
  convertCheckpoint,
  type ConvertedGraph,
} from "../../../src/mxnet/mod.ts";
import type { Feeds, Tensor } from "../../../src/tensor/mod.ts";
import { memorySink, sourceOf } from "./memory.ts";

/** A checkpoint in memory. */
export interface TestCheckpoint {
  readonly symbol: string;
  /** An empty list of arrays if absent. */
  readonly params?: Uint8Array;
  readonly inputs?: readonly CheckpointInput[];
  readonly weights?: "external" | "inline";
}

/** What running a checkpoint gave. */
export interface CheckpointRun {
  readonly graph: ConvertedGraph;
  /** Outputs in the order of the heads. */
  readonly outputs: readonly Tensor[];
}

/** A parameter file without arrays. */
export const NO_PARAMS: Uint8Array = new Uint8Array(32).with(0, 0x12).with(
  1,
  1,
);

const PARAMS_NAME = "model.params";

/** Converts a checkpoint into `folder` and runs it once. */
export async function runCheckpoint(
  checkpoint: TestCheckpoint,
  feeds: Feeds,
  folder: string,
): Promise<CheckpointRun> {
  const params = checkpoint.params ?? NO_PARAMS;
  const sink = memorySink();
  const graph = await convertCheckpoint({
    ...checkpoint,
    params: sourceOf(params),
    paramsName: PARAMS_NAME,
  }, sink);
  const path = `${folder}/model.onnx`;
  await Deno.writeFile(path, sink.bytes());
  if (graph.external) await Deno.writeFile(`${folder}/${PARAMS_NAME}`, params);
  await using session = await onnxEngine().load(path, { threads: 1 });
  const used = graph.inputs.map(({ name }) => [name, feeds[name]!] as const);
  const results = await session.run(Object.fromEntries(used));
  return { graph, outputs: graph.outputs.map(({ name }) => results[name]!) };
}
