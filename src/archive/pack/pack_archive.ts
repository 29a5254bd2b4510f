import { messageOf, MmsError, systemError } from "../../errors.ts";
import { writeAtomically } from "./atomic_file.ts";
import { EntryNames } from "../unpack/entry_names.ts";
import type { PackFile } from "./pack_file.ts";
import { packFolder } from "./pack_folder.ts";
import { Packer, type PackProgress } from "./packer.ts";

/** A zip file, a gzipped tar file, or a folder. */
export type ArchiveFormat = "default" | "tgz" | "no-archive";

/** How an archive is packed. */
export interface PackOptions {
  /** What comes out. */
  readonly format: ArchiveFormat;
  /** Is told how far the packing is. */
  readonly progress?: PackProgress | undefined;
  /** Ends the packing; nothing is left. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Packs files, in the order given, into `target`. The bytes that come out
 * depend on nothing but names and contents; the target is there completely or
 * not at all, except that a folder that is there already gets its files one by
 * one.
 *
 * @throws {MmsError} `invalid_archive` if a name could not be unpacked again;
 * `io_failed` if the disk refuses, or a file changes meanwhile; `aborted` once
 * the signal has fired
 */
export async function packArchive(
  files: readonly PackFile[],
  target: string,
  options: PackOptions,
): Promise<void> {
  requireNames(files);
  const packer = new Packer(files, options);
  try {
    if (options.format === "no-archive") {
      return await packFolder(files, packer, target);
    }
    const pack = options.format === "tgz"
      ? (await import(
        import.meta.resolve("./pack_tar.ts")
      ) as typeof import("./pack_tar.ts")).packTarGz
      : (await import(
        import.meta.resolve("./pack_zip.ts")
      ) as typeof import("./pack_zip.ts")).packZip;
    await writeAtomically(target, (output) => pack(files, packer, output));
  } catch (error) {
    throw systemError(`Cannot write "${target}"`, error);
  }
}

function requireNames(files: readonly PackFile[]): void {
  const names = new EntryNames(Infinity);
  for (const { name } of files) {
    try {
      names.add(name, "file");
    } catch (error) {
      throw new MmsError(
        "invalid_archive",
        `Cannot pack "${name}": ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}
