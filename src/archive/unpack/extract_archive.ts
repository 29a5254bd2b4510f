import { type FileHandle, open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { messageOf, MmsError, systemError } from "../../errors.ts";
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "../limits.ts";
import { Unpacker } from "./unpacker.ts";

/** How an archive is unpacked. */
export interface ExtractOptions {
  /** What the archive may hold; the default limits unless given. */
  readonly limits?: ArchiveLimits | undefined;
  /** Ends the unpacking; nothing is left. */
  readonly signal?: AbortSignal | undefined;
}

/** Formats by their first bytes: PKWARE APPNOTE 4.3.7 and 4.3.16; RFC 1952 2.3.1. */
const SIGNATURES = [
  { format: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { format: "zip", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { format: "tar.gz", bytes: [0x1f, 0x8b] },
] as const;

/**
 * Unpacks a `.mar`, `.model` or `.tar.gz` into `folder`. A folder that is not
 * there yet is there completely or not at all; one that is there has to be
 * empty, and gets everything in the end. What lies in the one folder at the top
 * of a tar file is moved out of it.
 *
 * @throws {MmsError} `model_not_found` if there is no such file;
 * `invalid_archive` if it is neither zip nor tar.gz, or an entry is refused;
 * `conflict` if the folder holds something; `io_failed` if the disk refuses;
 * `aborted` once the signal has fired
 */
export async function extractArchive(
  file: string,
  folder: string,
  options: ExtractOptions = {},
): Promise<void> {
  await using opened = await openArchive(file);
  const target = resolve(folder);
  const isThere = await isEmptyFolder(target);
  const parent = isThere ? target : dirname(target);
  const partial = await onDisk(
    target,
    () => Deno.makeTempDir({ dir: parent, prefix: ".", suffix: ".partial" }),
  );
  try {
    const unpacked = await unpack(opened, { ...options, file, partial });
    await onDisk(
      target,
      () =>
        isThere
          ? moveChildren(unpacked, target)
          : Deno.rename(unpacked, target),
    );
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(ignoreNotFound);
  }
}

async function openArchive(file: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (error) {
    throw new MmsError(
      "model_not_found",
      `Cannot open "${file}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Returns `false` where nothing is there. */
async function isEmptyFolder(path: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(path)) {
      throw new Deno.errors.AlreadyExists(`it holds "${name}" already`);
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new MmsError(
      "conflict",
      `Cannot unpack into "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Returns the folder that holds the model's files. */
async function unpack(
  opened: FileHandle,
  options: ExtractOptions & {
    readonly file: string;
    readonly partial: string;
  },
): Promise<string> {
  const { file, partial } = options;
  const unpacker = new Unpacker({
    file,
    fileBytes: (await opened.stat()).size,
    folder: partial,
    limits: options.limits ?? DEFAULT_ARCHIVE_LIMITS,
    signal: options.signal,
  });
  if (await formatOf(opened, unpacker) === "zip") {
    const { unpackZip } = await import(
      import.meta.resolve("./unpack_zip.ts")
    ) as typeof import("./unpack_zip.ts");
    await unpackZip(opened, unpacker);
    return partial;
  }
  const { unpackTarGz } = await import(
    import.meta.resolve("./unpack_tar.ts")
  ) as typeof import("./unpack_tar.ts");
  const top = await unpackTarGz(opened, unpacker);
  return top === undefined || top === "MAR-INF" ? partial : join(partial, top);
}

async function formatOf(
  opened: FileHandle,
  unpacker: Unpacker,
): Promise<"zip" | "tar.gz"> {
  const bytes = new Uint8Array(4);
  await opened.read(bytes, 0, bytes.length, 0);
  const known = SIGNATURES.find((it) =>
    it.bytes.every((byte, i) => bytes[i] === byte)
  );
  return known?.format ??
    unpacker.refuse(undefined, "it is neither a zip nor a tar.gz file");
}

async function moveChildren(from: string, to: string): Promise<void> {
  for await (const { name } of Deno.readDir(from)) {
    await Deno.rename(join(from, name), join(to, name));
  }
}

/** Says what could not be done where the file system refuses. */
async function onDisk<T>(
  target: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw systemError(`Cannot unpack into "${target}"`, error);
  }
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
