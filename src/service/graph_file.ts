import type { ModelArchive } from "../archive/mod.ts";
import { MmsError } from "../errors.ts";

/** The graph of a model as a file that the engine loads. */
export interface GraphFile extends AsyncDisposable {
  /** Absolute; there until disposed of. */
  readonly path: string;
  /** Lets go of what is of no use once the engine has loaded the file. */
  readonly loaded: () => Promise<void>;
}

/**
 * Returns the graph of a model: its own ONNX file, or the one that its
 * checkpoint was converted to, in the cache by content.
 *
 * @throws {MmsError} `invalid_model` if there is none, or the checkpoint cannot
 * be converted
 */
export async function openGraphFile(
  archive: ModelArchive,
  cacheFolder: string | undefined,
): Promise<GraphFile> {
  const { graph } = archive;
  if (graph === undefined) throw await withoutGraph(archive);
  if (graph.format === "onnx") {
    const nothing = () => Promise.resolve();
    return {
      path: graph.path,
      loaded: nothing,
      [Symbol.asyncDispose]: nothing,
    };
  }
  const { openConvertedGraph } = await import(
    import.meta.resolve("./converted_graph.ts")
  ) as typeof import("./converted_graph.ts");
  return await openConvertedGraph(graph, archive.signature, cacheFolder);
}

/** Gluon's `save_parameters` leaves the network itself in Python. */
async function withoutGraph(archive: ModelArchive): Promise<MmsError> {
  const params = await findFile(archive.folder, ".params");
  const packed = await findFile(archive.folder, ".mar");
  return new MmsError(
    "invalid_model",
    `Cannot load model "${archive.name}": ${
      params === undefined
        ? `it holds no .onnx file and no checkpoint${
          packed === undefined ? "" : `, "${packed}" in it is a model`
        }`
        : `"${params}" has no NAME-symbol.json beside it, the parameters of a Gluon network need the two files that its export() writes once it is hybridized`
    }`,
  );
}

async function findFile(
  folder: string,
  ending: string,
): Promise<string | undefined> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(ending)) names.push(name);
  }
  return names.toSorted()[0];
}
