import { basename, resolve } from "node:path";
import { MmsError, systemError } from "../../errors.ts";
import type { Cache } from "../cache/cache.ts";
import { sha256OfFile } from "../download/download_part.ts";
import { copyFolder, type EmbeddedModel, sha256OfFolder } from "./embedded.ts";
import { extractArchive } from "../unpack/extract_archive.ts";
import type { ArchiveLimits } from "../limits.ts";
import type { ModelArchive } from "../model/model_archive.ts";
import { defaultName } from "./model_store_reference.ts";
import {
  openCheckpoint,
  openFolder,
  openOnnxFile,
} from "../model/open_folder.ts";

/** A model that stays where it is until disposed of. */
export interface Opened extends AsyncDisposable {
  readonly archive: ModelArchive;
}

/** What opening a model takes. */
export interface OpenContext {
  readonly cache: Cache;
  readonly limits: ArchiveLimits;
  readonly signal: AbortSignal | undefined;
}

const SYMBOL = "-symbol.json";

/**
 * Opens what lies at a path: a folder, an `.onnx` file, a checkpoint by its
 * prefix or its symbol file, or an archive, which is unpacked into the cache.
 *
 * @throws {MmsError} `invalid_archive` if it is none of these, or breaks its
 * format
 */
export async function openPath(
  path: string,
  context: OpenContext,
  name: string = defaultName(resolve(path)),
): Promise<Opened> {
  try {
    return await openWhatever(path, context, name);
  } catch (error) {
    throw withSource(error, basename(path));
  }
}

async function openWhatever(
  path: string,
  context: OpenContext,
  name: string,
): Promise<Opened> {
  const { limits } = context;
  const info = await Deno.stat(path).catch(() => undefined);
  if (info?.isDirectory) {
    return inPlace(await openFolder(path, { name, limits }));
  }
  if (info === undefined || path.endsWith(SYMBOL)) {
    const prefix = path.endsWith(SYMBOL) ? path.slice(0, -SYMBOL.length) : path;
    return inPlace(await openCheckpoint(prefix, { limits }));
  }
  if (path.endsWith(".params")) throw paramsAlone(path);
  if (path.endsWith(".onnx")) {
    return inPlace(await openOnnxFile(path, { name, limits }));
  }
  return await openArchiveFile(path, context, name);
}

function paramsAlone(path: string): MmsError {
  const prefix = path.replace(/(-\d+)?\.params$/, "");
  return new MmsError(
    "invalid_archive",
    `Cannot open "${path}": it holds parameters alone, "${prefix}${SYMBOL}" would be right`,
  );
}

const IN_SIGNATURE = /^Cannot (read|use) "signature\.json": /;

/** There is a signature in many folders: says which one it is. */
function withSource(error: unknown, source: string): unknown {
  if (!(error instanceof MmsError) || !IN_SIGNATURE.test(error.message)) {
    return error;
  }
  const message = error.message.replace(
    IN_SIGNATURE,
    (_, verb) => `Cannot ${verb} "signature.json" of "${source}": `,
  );
  return new MmsError(error.code, message, { cause: error });
}

/** Unpacks an archive into the cache, unless it is there, and opens it. */
export async function openArchiveFile(
  file: string,
  context: OpenContext,
  name: string,
): Promise<Opened> {
  const { before, key } = await readStamp(file);
  const make = async (folder: string) => {
    await extractArchive(file, folder, context);
    const after = await Deno.stat(file);
    const isSame = before.size === after.size &&
      before.mtime?.getTime() === after.mtime?.getTime();
    if (!isSame) {
      throw new MmsError(
        "io_failed",
        `Cannot open "${file}": it has changed while it was read`,
      );
    }
  };
  return await openEntry(key, context, { make, name });
}

/** What an archive is known by, and what tells that it changed meanwhile. */
async function readStamp(
  file: string,
): Promise<{ readonly before: Deno.FileInfo; readonly key: string }> {
  try {
    return { before: await Deno.stat(file), key: await sha256OfFile(file) };
  } catch (error) {
    throw systemError(`Cannot read "${file}"`, error);
  }
}

/** Opens a model that comes with the program. */
export async function openEmbedded(
  { path, kind, name }: EmbeddedModel,
  context: OpenContext,
): Promise<Opened> {
  if (kind === "archive") return await openArchiveFile(path, context, name);
  if (!Deno.build.standalone) return await openPath(path, context, name);
  // ONNX Runtime sees the disk alone, not what is inside of the program.
  const make = (folder: string) => copyFolder(path, folder);
  return await openEntry(await sha256OfFolder(path), context, { make, name });
}

/** Opens the folder or the one `.onnx` file that an entry of the cache holds. */
export async function openEntry(
  key: string,
  { cache, limits, signal }: OpenContext,
  options: {
    readonly make: (folder: string) => Promise<void>;
    readonly name: string;
  },
): Promise<Opened> {
  const { make, name } = options;
  await using stack = new AsyncDisposableStack();
  const entry = stack.use(await cache.entry("models", key, { make, signal }));
  const archive = await openFolder(entry.folder, { name, limits });
  const held = stack.move();
  return { archive, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

function inPlace(archive: ModelArchive): Opened {
  return { archive, [Symbol.asyncDispose]: () => Promise.resolve() };
}
