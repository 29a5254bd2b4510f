import { basename, join } from "node:path";
import {
  DEFAULT_MANIFEST,
  openFolder,
  packedFromDisk,
  packedText,
  type PackFile,
  type Signature,
} from "../archive/mod.ts";
import {
  type CheckpointFiles,
  convertCheckpointFiles,
  type ConvertedGraph,
  weightsFile,
} from "../engine/mod.ts";
import { MmsError } from "../errors.ts";
import { checkpointInputs, convertedSignature } from "../service/mod.ts";

/** The files of a model whose checkpoint has become a graph. */
export interface ConvertedModel extends AsyncDisposable {
  /** All that is to be packed, there until disposed of. */
  readonly files: readonly PackFile[];
  /** The graph, absolute. */
  readonly graph: string;
}

/** Whose files are converted. */
export interface ConvertModelOptions {
  /** The folder that they lie in, which is left as it is. */
  readonly folder: string;
  /** Which checkpoint it is, where there are several. */
  readonly modelName: string;
  /** Is told what the user should know, a line at a time. */
  readonly warn: (line: string) => void;
}

const GRAPH = "model.onnx";
const SIGNATURE = "signature.json";

/** Beyond this a graph cannot hold its weights: ONNX files end at 2 GiB. */
const MAX_INLINE_BYTES = 1.5 * 1024 ** 3;

/**
 * Converts the checkpoint among a model's files: `model.onnx` stands in its
 * place, and the signature names what the graph takes and gives. An `.onnx`
 * file is left as it is.
 *
 * @throws {MmsError} `usage` if there is no checkpoint; `invalid_model` if it
 * cannot be converted; `invalid_archive` if the files cannot be made out
 */
export async function convertModel(
  files: readonly PackFile[],
  options: ConvertModelOptions,
): Promise<ConvertedModel | undefined> {
  const { folder, modelName, warn } = options;
  const manifest = { ...DEFAULT_MANIFEST, modelName };
  const { graph, signature } = await openFolder(folder, { manifest });
  if (graph === undefined) {
    throw new MmsError(
      "usage",
      `Cannot convert "${folder}": there is no checkpoint, NAME-symbol.json with its NAME-0000.params would be right`,
    );
  }
  if (graph.format === "onnx") {
    warn(`WARNING - ${basename(graph.path)} is a graph already.`);
    return undefined;
  }
  await using stack = new AsyncDisposableStack();
  const temporary = await Deno.makeTempDir({ prefix: "mms-" });
  stack.defer(() => Deno.remove(temporary, { recursive: true }));
  const converted = await convert(graph, {
    temporary,
    signature,
    folder,
    warn,
  });
  const kept = files.filter(({ name }) =>
    !isCheckpointFile(name, graph) && !converted.some((it) => it.name === name)
  );
  const held = stack.move();
  return {
    graph: join(temporary, GRAPH),
    files: [...kept, ...converted]
      .toSorted((a, b) => a.name < b.name ? -1 : 1),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Where a conversion finds what it needs. */
interface Conversion extends Pick<ConvertModelOptions, "folder" | "warn"> {
  /** Takes the graph. */
  readonly temporary: string;
  readonly signature: Signature | undefined;
}

async function convert(
  checkpoint: CheckpointFiles,
  conversion: Conversion,
): Promise<readonly PackFile[]> {
  const { temporary, signature, warn } = conversion;
  const path = join(temporary, GRAPH);
  const { size } = await Deno.stat(checkpoint.params);
  const graph = await convertCheckpointFiles(checkpoint, {
    ...signature && { inputs: checkpointInputs(signature) },
    graph: path,
    weights: size > MAX_INLINE_BYTES ? "external" : "inline",
  });
  for (const warning of graph.warnings) warn(`WARNING - ${warning}.`);
  const onnx = packedFromDisk(GRAPH, path, (await Deno.stat(path)).size);
  const weights = packedFromDisk(
    weightsFile(checkpoint),
    checkpoint.params,
    size,
  );
  return [
    onnx,
    ...graph.external ? [weights] : [],
    ...signature ? await signatureFiles(signature, graph, conversion) : [],
  ];
}

/** None where the signature fits as it is. */
async function signatureFiles(
  signature: Signature,
  graph: ConvertedGraph,
  { folder }: Conversion,
): Promise<readonly PackFile[]> {
  const text = await Deno.readTextFile(join(folder, SIGNATURE));
  const content = JSON.parse(text);
  const converted = convertedSignature(content, signature, graph);
  return JSON.stringify(content) === JSON.stringify(converted)
    ? []
    : [packedText(SIGNATURE, JSON.stringify(converted, null, 2))];
}

/** Further epochs are of no use without the symbol. */
function isCheckpointFile(
  name: string,
  { symbol, params }: CheckpointFiles,
): boolean {
  const prefix = basename(symbol).slice(0, -"-symbol.json".length);
  const isEpoch = name.startsWith(`${prefix}-`) &&
    /^\d+\.params$/.test(name.slice(prefix.length + 1));
  return isEpoch || name === basename(symbol) || name === basename(params);
}
