/**
 * Folders with the files of a model.
 *
 * @module
 */

import { type ModelSource, onnxModel } from "./onnx_model.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

/** A graph that answers what it is given. */
export const IDENTITY: ModelSource = {
  inputs: [{ name: "data", type: "float32", shape: ["n", 4] }],
  outputs: [{ name: "out", type: "float32", shape: ["n", 4] }],
  nodes: [{ op: "Identity", inputs: ["data"], outputs: ["out"] }],
};

/** A graph that takes pictures of 8 × 8 pixels. */
export const PICTURE: ModelSource = {
  inputs: [{ name: "data", type: "float32", shape: ["n", 3, 8, 8] }],
  outputs: [{ name: "out", type: "float32", shape: ["n", 3, 8, 8] }],
  nodes: [{ op: "Identity", inputs: ["data"], outputs: ["out"] }],
};

/** A signature that says everything that the legacy format asks for. */
export const SIGNATURE = {
  inputs: [{ data_name: "data", data_shape: [0, 4] }],
  input_type: "application/json",
  outputs: [{ data_name: "out", data_shape: [0, 4] }],
  output_type: "application/json",
} as const;

/** The symbol of a checkpoint that MXNet 1.9.1 wrote. */
export const SYMBOL = JSON.stringify({
  nodes: [],
  attrs: { mxnet_version: ["int", 10901] },
});

/** Makes a folder with these files; objects are written as JSON. */
export async function modelFolder(
  files: Readonly<Record<string, unknown>>,
): Promise<TempFolder> {
  const temp = await tempFolder();
  for (const [name, content] of Object.entries(files)) {
    const isRaw = typeof content === "string" || content instanceof Uint8Array;
    await temp.write(name, isRaw ? content : JSON.stringify(content));
  }
  return temp;
}

/** The files of a model that a built-in service runs. */
export function onnxFiles(
  source: ModelSource = IDENTITY,
): Readonly<Record<string, unknown>> {
  return { "net.onnx": onnxModel(source), "signature.json": SIGNATURE };
}
