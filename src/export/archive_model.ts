import { join } from "node:path";
import {
  type ArchiveFormat,
  packArchive,
  packedText,
  type PackFile,
  type PackProgress,
  type Runtime,
} from "../archive/mod.ts";
import { MmsError } from "../errors.ts";
import { chooseHandler, type SourceModel } from "./choose_handler.ts";
import { checkHandler } from "./check_handler.ts";
import { convertModel } from "./convert_model.ts";
import {
  exists,
  requireExportFolder,
  requireModelFolder,
} from "./model_folder.ts";
import { requireModelName } from "./model_name.ts";
import {
  isScriptHandler,
  type PackedHandler,
  packScriptHandler,
} from "./script_handler.ts";
import { sourceFiles } from "./source_files.ts";

/** What is packed into a `.mar`, and how. */
export interface ArchiveModelOptions {
  /** Letters, digits, `_`, `-` and `.`, the first a letter or digit. */
  readonly modelName: string;
  /** The folder of the model's files. */
  readonly modelPath: string;
  /** `module[:function]`; left out, a built-in service that suits the model. */
  readonly handler?: string | undefined;
  /** What runs the handler. */
  readonly runtime: Runtime;
  /** The folder that the archive goes to. */
  readonly exportPath: string;
  /** A `.mar`, a `.tar.gz` or a folder. */
  readonly format: ArchiveFormat;
  /** Whether an archive that is there already gives way. */
  readonly force: boolean;
  /** Whether a checkpoint is packed as the graph that it is converted to. */
  readonly convert?: boolean | undefined;
  /** Is told what the user should know, a line at a time. */
  readonly warn: (line: string) => void;
  /** Is told how far the packing is. */
  readonly progress?: PackProgress | undefined;
  /** Ends the packing; nothing is left. */
  readonly signal?: AbortSignal | undefined;
}

const ENDINGS: Readonly<Record<ArchiveFormat, string>> = {
  "default": ".mar",
  "tgz": ".tar.gz",
  "no-archive": "",
};

/**
 * Packs the files of a model into an archive of format 1.0, and returns the
 * archive's path.
 *
 * @throws {MmsError} `bad_request` if the name is not allowed;
 * `resource_not_found` if a folder is missing; `conflict` if the archive is
 * there already; `usage` if no handler suits; `invalid_archive` if a file
 * cannot be packed; `io_failed` if the disk refuses; `aborted` once the signal
 * has fired
 */
export async function archiveModel(
  options: ArchiveModelOptions,
): Promise<string> {
  requireModelName(options.modelName);
  const exportFolder = await requireExportFolder(options.exportPath);
  const folder = await requireModelFolder(options.modelPath);
  const target = join(
    exportFolder,
    options.modelName + ENDINGS[options.format],
  );
  await requireRoom(target, options);
  const inPlace = target === folder;
  if (inPlace && options.convert) refuseInPlace(target);
  const files = await sourceFiles(folder, inPlace ? [] : [target]);
  await using converted = options.convert
    ? await convertModel(files, { ...options, folder })
    : undefined;
  const model = { folder, files, ...converted };
  const chosen = await settleHandler(model, options);
  const manifest = packedText(
    "MAR-INF/MANIFEST.json",
    manifestText({ ...options, ...chosen }),
  );
  const made = new Set(chosen.made.map(({ name }) => name));
  const kept = model.files.filter(({ name }) => !made.has(name));
  const packed = [...inPlace ? [] : kept, ...chosen.made, manifest];
  await packArchive(underName(packed, options), target, options);
  return target;
}

async function settleHandler(
  model: SourceModel,
  { handler, runtime, modelName, warn }: ArchiveModelOptions,
): Promise<PackedHandler> {
  if (handler === undefined) {
    const chosen = await chooseHandler(model, modelName);
    return { handler: chosen, runtime, made: [] };
  }
  if (isScriptHandler(handler, runtime)) {
    return await packScriptHandler(model, { handler, modelName, warn });
  }
  await checkHandler(model, handler, { modelName, warn });
  return { handler, runtime, made: [] };
}

function refuseInPlace(target: string): never {
  throw new MmsError(
    "usage",
    `Cannot convert "${target}" in place: its checkpoint would stay there, another --export-path or --model-name would be right`,
  );
}

async function requireRoom(
  target: string,
  { force, warn }: ArchiveModelOptions,
): Promise<void> {
  if (!await exists(target)) return;
  if (force) return warn(`WARNING - Overwriting ${target} ...`);
  throw new MmsError(
    "conflict",
    `${target} already exists.\nSpecify --force/-f to overwrite it.`,
  );
}

function manifestText(
  { handler, modelName, runtime }: ArchiveModelOptions & PackedHandler,
): string {
  const manifest = {
    runtime,
    model: { modelName, handler },
    modelServerVersion: "1.0",
    implementationVersion: "1.0",
    specificationVersion: "1.0",
  };
  return JSON.stringify(manifest, null, 2);
}

/** A tar file is expected to unpack into one folder. */
function underName(
  files: readonly PackFile[],
  { format, modelName }: ArchiveModelOptions,
): readonly PackFile[] {
  if (format !== "tgz") return files;
  return files.map((it) => ({ ...it, name: `${modelName}/${it.name}` }));
}
