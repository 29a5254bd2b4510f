import { join } from "node:path";
import {
  packArchive,
  packedText,
  type PackFile,
  type PackProgress,
  readSignature,
  type SignatureType,
} from "../archive/mod.ts";
import { MmsError } from "../errors.ts";
import { exportGraph } from "./export_graph.ts";
import { legacyManifest } from "./legacy_manifest.ts";
import { MANIFEST_SCHEMA } from "./manifest_schema.ts";
import {
  exists,
  requireExportFolder,
  requireModelFolder,
} from "./model_folder.ts";
import { requireModelName } from "./model_name.ts";
import { serviceFile } from "./service_file.ts";
import { sourceFiles } from "./source_files.ts";

/** What is packed into a `.model`, and how. */
export interface ExportModelOptions {
  /** Letters, digits, `_`, `-` and `.`, the first a letter or digit. */
  readonly modelName: string;
  /** The folder of the model's files, with a `signature.json`. */
  readonly modelPath: string;
  /** A Python service; left out, our own for what the signature takes. */
  readonly serviceFilePath?: string | undefined;
  /** The folder that the archive goes to. */
  readonly exportPath: string;
  /** Is told how far the packing is. */
  readonly progress?: PackProgress | undefined;
  /** Ends the packing; nothing is left. */
  readonly signal?: AbortSignal | undefined;
}

const SCHEMA = "manifest-schema.json";

/**
 * Packs the files of a model into a legacy archive, and returns its path.
 *
 * @throws {MmsError} `bad_request` if the name is not allowed;
 * `resource_not_found` if a folder or the service file is missing; `conflict`
 * if the archive is there already; `invalid_archive` if the signature, the
 * network or the service breaks its rules, or a file cannot be packed;
 * `io_failed` if the disk refuses; `aborted` once the signal has fired
 */
export async function exportModel(
  options: ExportModelOptions,
): Promise<string> {
  requireModelName(options.modelName);
  const folder = await requireModelFolder(options.modelPath);
  const exportFolder = await requireExportFolder(options.exportPath);
  const target = join(exportFolder, `${options.modelName}.model`);
  await requireFree(target);
  const source = await sourceFiles(folder, [target]);
  const graph = exportGraph(folder, source);
  const service = await serviceFile(source, {
    path: options.serviceFilePath,
    inputType: await signedInputType(folder),
  });
  const manifest = await legacyManifest(graph, {
    folder,
    modelName: options.modelName,
    service: service.name,
  });
  const files = [
    ...without(source, [service.name, SCHEMA]),
    service,
    packedText(SCHEMA, JSON.stringify(MANIFEST_SCHEMA, null, 2)),
    packedText("MANIFEST.json", JSON.stringify(manifest, null, 2)),
  ];
  await packArchive(files, target, { ...options, format: "default" });
  return target;
}

async function requireFree(target: string): Promise<void> {
  if (!await exists(target)) return;
  throw new MmsError(
    "conflict",
    `${target} already exists.\nRemove it, or choose another --model-name.`,
  );
}

/** The legacy format leaves nothing in a signature to be guessed. */
async function signedInputType(folder: string): Promise<SignatureType> {
  const signature = await readSignature(folder);
  if (signature === undefined) {
    refuse(folder, "it has no signature.json");
  }
  const { inputType, outputType, outputs } = signature;
  const isComplete = outputType !== undefined && outputs.length > 0 &&
    outputs.every(({ shape }) => shape !== undefined);
  if (inputType === undefined || !isComplete) {
    refuse(
      folder,
      'its signature.json is incomplete, "inputs", "input_type", "outputs" with their "data_shape" and "output_type" would be right',
    );
  }
  return inputType;
}

function without(
  files: readonly PackFile[],
  names: readonly string[],
): readonly PackFile[] {
  return files.filter(({ name }) => !names.includes(name));
}

function refuse(folder: string, reason: string): never {
  throw new MmsError("invalid_archive", `Cannot export "${folder}": ${reason}`);
}
