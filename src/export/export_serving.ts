import { basename, join } from "node:path";
import { openCheckpoint } from "../archive/mod.ts";
import { MmsError, systemError } from "../errors.ts";
import { graphSignature } from "../service/mod.ts";
import { exportModel } from "./export_model.ts";

/** An input or output, as `signature.json` has it. */
export interface SignedValue {
  /** Its name in the graph. */
  readonly data_name: string;
  /** Its extents; 0 for any, axis 0 is the batch. */
  readonly data_shape: readonly number[];
}

/** `signature.json`; what is left out is read from an ONNX graph. */
export interface ServingSignature {
  /** The graph's inputs, in the order in which callers give them. */
  readonly inputs?: readonly SignedValue[];
  /** The graph's outputs that are answered with. */
  readonly outputs?: readonly SignedValue[];
  /** What callers send: `image/jpeg` or `application/json`. */
  readonly input_type: string;
  /** What is answered: `application/json` or `image/jpeg`. */
  readonly output_type: string;
}

/** What is packed with a graph, and where it goes. */
export interface ExportServingOptions {
  /** Paths of files that are packed as well, such as `synset.txt`. */
  readonly auxFiles?: readonly string[];
  /** The folder that the archive goes to; the working directory by default. */
  readonly exportPath?: string;
}

/**
 * Writes `name.model` of a graph, as `mms export` does of a folder, and returns
 * its path.
 *
 * @param graph path of an `.onnx` file, or the prefix of an MXNet checkpoint
 * @throws {MmsError} `bad_request` if the name is not allowed; `usage` if a
 * checkpoint's signature names no inputs or no outputs; `model_not_found` if
 * there is no such graph; `conflict` if the archive is there already;
 * `invalid_archive` if the signature breaks its rules; `io_failed` if the disk
 * refuses
 */
export async function exportServing(
  graph: string,
  name: string,
  options: ExportServingOptions & { readonly signature: ServingSignature },
): Promise<string> {
  const { signature, auxFiles = [], exportPath = "." } = options;
  const folder = await Deno.makeTempDir({ prefix: "mms-" });
  try {
    const files = await graphFiles(graph);
    for (const path of [...files, ...auxFiles]) {
      await Deno.copyFile(path, join(folder, basename(path)));
    }
    await Deno.writeTextFile(
      join(folder, "signature.json"),
      JSON.stringify(await complete(graph, signature), null, 2),
    );
    return await exportModel({
      modelName: name,
      modelPath: folder,
      exportPath,
    });
  } catch (error) {
    throw systemError(`Cannot export "${graph}"`, error);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isOnnx(graph: string): boolean {
  return graph.endsWith(".onnx");
}

async function graphFiles(graph: string): Promise<readonly string[]> {
  if (isOnnx(graph)) return [graph];
  const { graph: files } = await openCheckpoint(graph);
  return files?.format === "mxnet" ? [files.symbol, files.params] : [];
}

async function complete(
  graph: string,
  signature: ServingSignature,
): Promise<ServingSignature> {
  if (signature.inputs && signature.outputs) return signature;
  if (!isOnnx(graph)) {
    throw new MmsError(
      "usage",
      `Cannot export "${graph}": its signature must name inputs and outputs, those of an .onnx file are read from it`,
    );
  }
  const own = await graphSignature(graph);
  const signed = (values: typeof own.inputs | typeof own.outputs) =>
    values.map(({ name, shape }) => ({
      data_name: name,
      data_shape: [0, ...(shape ?? []).slice(1)],
    }));
  return {
    inputs: signed(own.inputs),
    outputs: signed(own.outputs),
    ...signature,
  };
}
