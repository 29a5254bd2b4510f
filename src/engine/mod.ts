/**
 * Loads and runs graphs.
 *
 * @module
 */

export {
  type CheckpointFiles,
  convertCheckpointFiles,
  type ConvertFilesOptions,
  weightsFile,
} from "./checkpoint_files.ts";
export type { CheckpointInput, ConvertedGraph } from "../mxnet/mod.ts";
export type { Engine, GraphValue, Session, SessionOptions } from "./engine.ts";
export { onnxEngine } from "./onnx.ts";
