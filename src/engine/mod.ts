/**
 * Loads and runs graphs.
 *
 * @module
 */

export type { Engine, GraphValue, Session, SessionOptions } from "./engine.ts";
export { onnxEngine } from "./onnx.ts";
