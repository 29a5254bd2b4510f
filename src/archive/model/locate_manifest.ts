import { join } from "node:path";
import { MmsError } from "../../errors.ts";
import { readJsonFile } from "./json_file.ts";
import { parseLegacyManifest } from "./legacy_manifest.ts";
import type { ArchiveLimits } from "../limits.ts";
import { DEFAULT_MANIFEST, type Manifest, parseManifest } from "./manifest.ts";

/** Where the manifest of an unpacked archive lies, and in which format. */
export interface LocatedManifest {
  /** The folder of the model's files, absolute. */
  readonly folder: string;
  readonly format: "1.0" | "legacy" | "none";
  /** Relative to the folder; `""` where there is none. */
  readonly file: string;
}

/** A manifest that cannot be parsed; the original has its own text for it. */
export class ManifestError extends MmsError {
  constructor(message: string, options?: ErrorOptions) {
    super("invalid_archive", message, options);
  }
}

/**
 * Looks for `MAR-INF/MANIFEST.json`, then for a legacy `MANIFEST.json` at the
 * top or one folder down, in any case of letters.
 *
 * @throws {MmsError} `invalid_archive` if several folders hold a legacy one
 */
export async function locateManifest(folder: string): Promise<LocatedManifest> {
  const file = "MAR-INF/MANIFEST.json";
  const info = await Deno.stat(join(folder, file)).catch(() => undefined);
  if (info?.isFile) return { folder, format: "1.0", file };
  return await legacyIn(folder) ?? await oneFolderDown(folder) ??
    { folder, format: "none", file: "" };
}

/**
 * Reads and checks a manifest; one that is not there has all its defaults.
 *
 * @throws {MmsError} `invalid_archive` if it breaks its format
 */
export async function readManifest(
  located: LocatedManifest,
  limits: ArchiveLimits,
): Promise<Manifest> {
  const { folder, format, file } = located;
  if (format === "none") return DEFAULT_MANIFEST;
  const value = await readManifestJson(join(folder, file), file, limits);
  const root = { file, where: "", value };
  return format === "legacy" ? parseLegacyManifest(root) : parseManifest(root);
}

async function legacyIn(folder: string): Promise<LocatedManifest | undefined> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && name.toLowerCase() === "manifest.json") {
      return { folder, format: "legacy", file: name };
    }
  }
  return undefined;
}

async function oneFolderDown(
  folder: string,
): Promise<LocatedManifest | undefined> {
  const found: LocatedManifest[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory || name.startsWith(".")) continue;
    const located = await legacyIn(join(folder, name));
    if (located !== undefined) found.push(located);
  }
  if (found.length <= 1) return found[0];
  throw new MmsError(
    "invalid_archive",
    `Cannot open "${folder}": ${found.length} of its folders hold a MANIFEST.json, one would be right`,
  );
}

async function readManifestJson(
  path: string,
  file: string,
  limits: ArchiveLimits,
): Promise<unknown> {
  try {
    return await readJsonFile(path, file, limits);
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    throw new ManifestError(error.message, { cause: error });
  }
}
