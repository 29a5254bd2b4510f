import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  Cache,
  type CacheEntry,
  type ModelArchive,
  readBoundedFile,
} from "../../archive/mod.ts";
import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { isThere } from "./is_there.ts";

/** What is installed, from and with what. */
export interface EnvironmentOptions {
  readonly archive: Pick<ModelArchive, "name" | "folder">;
  /** The Python whose packages are to be there as well. */
  readonly interpreter: string;
  /** The folder of the Python package. */
  readonly home: string;
  /** What the installer is given: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** What models require, as pip reads it. */
const FILE = "requirements.txt";
const MAX_FILE_BYTES = 1 << 20;

const INSTALLER = "mms/worker/environment.py";

/** Longer than the largest packages take to fetch, in ms. */
const PATIENCE_MS = 20 * 60_000;

const PROGRAM = Deno.build.os === "windows"
  ? "Scripts/python.exe"
  : "bin/python";

/** What tells one Python from another. */
const IDENTITY = "import sys; print(sys.version, sys.prefix)";

/**
 * Environments of Python with the packages that models require, one for all
 * models that require the same, kept by content. Disposed of after the last of
 * their processes has ended.
 */
export class PythonEnvironments implements AsyncDisposable {
  readonly #cache: Cache;
  readonly #entries = new Map<string, Promise<CacheEntry>>();
  readonly #isAllowed: boolean;

  /** Installs nothing unless `isAllowed`: packages may run code when installed. */
  constructor(
    { cacheFolder, isAllowed }: {
      readonly cacheFolder: string | undefined;
      readonly isAllowed: boolean;
    },
  ) {
    this.#cache = new Cache({ folder: cacheFolder });
    this.#isAllowed = isAllowed;
  }

  /**
   * Returns the Python that has what a model requires: the interpreter itself
   * where there is no `requirements.txt`, or nothing may be installed.
   *
   * @throws {MmsError} `load_failed` if a package cannot be installed
   */
  async interpreterFor(options: EnvironmentOptions): Promise<string> {
    const { archive: { name, folder }, interpreter } = options;
    const required = await readRequired(folder);
    if (required === undefined) return interpreter;
    if (!this.#isAllowed) {
      logger("workload").info(
        `"${name}" has a ${FILE} that is not installed, install_py_dep_per_model=true installs it`,
      );
      return interpreter;
    }
    const identity = await output(options, ["-c", IDENTITY]);
    const key = createHash("sha256").update(identity).update(required)
      .digest("hex");
    const program = await this.#program(key, options);
    if (await isThere(program)) return program;
    // Somebody has emptied the cache meanwhile.
    await (await this.#entry(key, options))[Symbol.asyncDispose]();
    this.#entries.delete(key);
    return await this.#program(key, options);
  }

  /** Lets go of the environments. */
  async [Symbol.asyncDispose](): Promise<void> {
    const entries = await Promise.allSettled(this.#entries.values());
    for (const entry of entries) {
      if (entry.status === "fulfilled") {
        await entry.value[Symbol.asyncDispose]();
      }
    }
    await this.#cache[Symbol.asyncDispose]();
  }

  async #program(key: string, options: EnvironmentOptions): Promise<string> {
    return join((await this.#entry(key, options)).folder, PROGRAM);
  }

  async #entry(key: string, options: EnvironmentOptions): Promise<CacheEntry> {
    const entry = this.#entries.get(key) ??
      this.#cache.entry("environments", key, {
        make: (folder) => install(folder, options),
      });
    this.#entries.set(key, entry);
    try {
      return await entry;
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
  }
}

async function readRequired(folder: string): Promise<Uint8Array | undefined> {
  const path = join(folder, FILE);
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isFile) return undefined;
  return await readBoundedFile(path, { what: FILE, limit: MAX_FILE_BYTES });
}

async function install(
  folder: string,
  options: EnvironmentOptions,
): Promise<void> {
  const { name } = options.archive;
  logger("workload").info(`Installing ${FILE} of "${name}"`);
  const script = join(options.home, INSTALLER);
  await output(options, [script, folder, FILE]);
  logger("workload").info(`Installed ${FILE} of "${name}"`);
}

/** Runs the interpreter in the model's folder. */
async function output(
  { archive: { name, folder }, interpreter, env }: EnvironmentOptions,
  args: readonly string[],
): Promise<string> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(interpreter, {
      args: [...args],
      cwd: folder,
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(lastError(new TextDecoder().decode(stderr)));
  } catch (cause) {
    throw new MmsError(
      "load_failed",
      `Cannot install ${FILE} of model "${name}": ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** What pip says of it at the end, or else whatever was said last. */
function lastError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const error = lines.findLast((line) => line.startsWith("ERROR: "));
  return error?.slice("ERROR: ".length) ?? lines.at(-1) ??
    "it ended without a word";
}
