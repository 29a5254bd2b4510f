import { MmsError } from "../../errors.ts";
import { pathInside } from "./inside.ts";
import { readJsonFile } from "./json_file.ts";
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "../limits.ts";
import { parseSignature, type Signature } from "./signature.ts";

/** Where a signature is, and how large it may be. */
export interface SignatureFileOptions {
  /** The file that a manifest names; left out, `signature.json` if it is there. */
  readonly file?: string | undefined;
  /** Of these, `metadataBytes` and `jsonDepth` count here. */
  readonly limits?: ArchiveLimits;
}

/**
 * Reads and checks the signature among the files of a folder, if there is one.
 *
 * @throws {MmsError} `invalid_archive` if it breaks its format, or the manifest
 * names one that is not there
 */
export async function readSignature(
  folder: string,
  options: SignatureFileOptions = {},
): Promise<Signature | undefined> {
  const file = options.file ?? "signature.json";
  const path = pathInside(folder, file);
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isFile) {
    if (options.file === undefined) return undefined;
    throw new MmsError(
      "invalid_archive",
      `Cannot use "${file}": the manifest names it, but it is not in the archive`,
    );
  }
  const limits = options.limits ?? DEFAULT_ARCHIVE_LIMITS;
  const value = await readJsonFile(path, file, limits);
  return parseSignature({ file, where: "", value });
}
