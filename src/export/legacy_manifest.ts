import { join } from "node:path";
import { VERSION } from "../version.ts";
import type { ExportGraph } from "./export_graph.ts";
import { mxnetVersion } from "./mxnet_version.ts";
import { onnxOpset } from "./onnx_opset.ts";

/** What a legacy manifest states of a model. */
export interface LegacyManifestOptions {
  /** The folder of the model's files. */
  readonly folder: string;
  readonly modelName: string;
  /** The name of the service file in the archive. */
  readonly service: string;
}

/** The layout of the archive, not of the model. */
const ARCHIVE_VERSION = 0.1;

/**
 * Returns the content of the `MANIFEST.json` of a 0.x archive.
 *
 * @throws {MmsError} `invalid_archive` if the network's file is not what its
 * name says
 */
export async function legacyManifest(
  graph: ExportGraph,
  options: LegacyManifestOptions,
): Promise<unknown> {
  const { folder, modelName, service } = options;
  const isOnnx = graph.format === "ONNX";
  return {
    "Model-Archive-Version": ARCHIVE_VERSION,
    "Model-Archive-Description": modelName,
    "License": "Apache 2.0",
    "Created-By": {
      "Model-Server": Number.parseFloat(VERSION),
      "Author": "mms",
    },
    "Model": {
      "Model-Name": modelName,
      "Parameters": isOnnx ? graph.onnx.name : graph.params.name,
      "Symbol": isOnnx ? graph.onnx.name : graph.symbol.name,
      "Signature": "signature.json",
      "Description": modelName,
      "Model-Format": graph.format,
      "Service": service,
    },
    "Engine": isOnnx
      ? { "ONNX": await onnxOpset(join(folder, graph.onnx.name)) }
      : { "MXNet": await mxnetVersion(graph.symbol) },
  };
}
