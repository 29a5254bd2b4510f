import { createHash } from "node:crypto";
import { dirname, join, resolve, sep } from "node:path";
import { Cache, type CacheEntry } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import { isThere } from "./is_there.ts";

/** The file that is run. */
export const ENTRY_FILE = "worker.py";

/** Where the Python package is kept. */
export interface PythonPackageOptions {
  /** Nowhere for long by default. */
  readonly cacheFolder?: string | undefined;
}

/**
 * The Python package as files: what workers run, and what services and other
 * programs import. Disposed of after the last of them has ended.
 */
export class PythonPackage implements AsyncDisposable {
  readonly #cache: Cache;
  readonly #cacheFolder: string | undefined;
  #entry: Promise<CacheEntry> | undefined;

  /** Writes nothing before the package is asked for. */
  constructor({ cacheFolder }: PythonPackageOptions = {}) {
    this.#cacheFolder = cacheFolder;
    this.#cache = new Cache({ folder: cacheFolder });
  }

  /**
   * Returns the absolute path of the folder to import from, which is written
   * first where it is not there.
   *
   * @throws {MmsError} `io_failed` if the disk refuses
   */
  async folder(): Promise<string> {
    const folder = await this.#written();
    if (await isThere(join(folder, ENTRY_FILE))) return folder;
    // Somebody has emptied the cache meanwhile.
    await this.#forget();
    return await this.#written();
  }

  /**
   * As `folder`, for programs that import from there when this one has ended.
   *
   * @throws {MmsError} `io_failed` if the cache cannot be written
   */
  async keptFolder(): Promise<string> {
    const folder = resolve(await this.folder());
    const kept = this.#cacheFolder && resolve(this.#cacheFolder);
    if (kept && folder.startsWith(join(kept, sep))) return folder;
    throw new MmsError(
      "io_failed",
      `Cannot keep the Python package: the cache "${
        kept ?? ""
      }" cannot be used, --cache-dir names another folder`,
    );
  }

  /** Lets go of the files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forget();
    await this.#cache[Symbol.asyncDispose]();
  }

  async #written(): Promise<string> {
    this.#entry ??= this.#write();
    try {
      return (await this.#entry).folder;
    } catch (error) {
      this.#entry = undefined;
      throw error;
    }
  }

  async #write(): Promise<CacheEntry> {
    const { PACKAGE_FILES } = await import(
      import.meta.resolve("./package_files.ts")
    ) as typeof import("./package_files.ts");
    const files = Object.entries(PACKAGE_FILES);
    return await this.#cache.entry("python", keyOf(files), {
      make: (folder) => writeFiles(folder, files),
    });
  }

  async #forget(): Promise<void> {
    const entry = await this.#entry?.catch(() => undefined);
    this.#entry = undefined;
    await entry?.[Symbol.asyncDispose]();
  }
}

/** What is in each file, by its name. */
type Files = readonly (readonly [string, string])[];

function keyOf(files: Files): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [file, text] of files) {
    const path = join(folder, file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}
