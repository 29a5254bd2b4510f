/**
 * Reads checkpoints of Apache MXNet and converts them to ONNX graphs.
 *
 * @module
 */

export type { ByteSink, ByteSource } from "./byte_source.ts";
export type {
  Checkpoint,
  CheckpointInput,
  ConvertedBatch,
  ConvertedGraph,
  ConvertedValue,
} from "./convert/checkpoint.ts";
export { convertCheckpoint } from "./convert/convert.ts";
export { type OperatorRow, operatorRows } from "./ops/table.ts";
