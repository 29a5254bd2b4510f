import { createHash } from "node:crypto";
import { delimiter, dirname, join } from "node:path";
import {
  Cache,
  type CacheEntry,
  chooseService,
  type ServiceChoice,
} from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import {
  serviceEnvironment,
  type WorkerCommand,
  type WorkerLaunch,
  workerLaunch,
  type WorkerPurpose,
} from "../process/launch.ts";
import { ENTRY_FILE, PACKAGE_FILES } from "./package_files.ts";

/** How Python workers are started. */
export interface PythonWorkersOptions {
  /** The program, by path or by name; what the system calls it by default. */
  readonly interpreter?: string | undefined;
  /** Where the worker's own files are kept; nowhere for long by default. */
  readonly cacheFolder?: string | undefined;
}

const DEFAULT_INTERPRETER = Deno.build.os === "windows" ? "python" : "python3";

const REMEDY = "the setting python names another one, of version 3.8 or later";

/**
 * Starts what a model's service needs: Python for Python code, this program's
 * own workers for all else. Disposed of after the last worker has ended.
 */
export class PythonWorkers implements AsyncDisposable {
  readonly #interpreter: string;
  readonly #cache: Cache;
  #package: Promise<CacheEntry> | undefined;

  /** Writes nothing before the first Python service is loaded. */
  constructor({ interpreter, cacheFolder }: PythonWorkersOptions = {}) {
    this.#interpreter = interpreter ?? DEFAULT_INTERPRETER;
    this.#cache = new Cache({ folder: cacheFolder });
  }

  /**
   * Returns the launch that decides between this program's own workers, which
   * `own` starts, and Python's.
   */
  beside(
    own: (purpose: WorkerPurpose) => WorkerCommand = workerLaunch(),
  ): WorkerLaunch {
    return async (purpose) => {
      const { runtime, archive } = purpose;
      if (runtime === "deno") return own(purpose);
      const choice = await chooseService(archive, purpose);
      if (!isCode(choice)) return own(purpose);
      if (!purpose.mayRunCode) throw mustNotRun(purpose);
      return await this.#command(purpose, { choice, own: own(purpose) });
    };
  }

  /** Lets go of the worker's files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forget();
    await this.#cache[Symbol.asyncDispose]();
  }

  async #command(
    purpose: WorkerPurpose,
    { choice, own }: {
      readonly choice: ServiceChoice;
      readonly own: WorkerCommand;
    },
  ): Promise<WorkerCommand> {
    const home = await this.#home();
    const { folder } = purpose.archive;
    const env = serviceEnvironment(Deno.env.toObject(), purpose.threads);
    return {
      command: this.#interpreter,
      args: [join(home, ENTRY_FILE)],
      env: {
        MXNET_USE_OPERATOR_TUNING: "0",
        ...env,
        PYTHONPATH: searchPath(
          join(folder, dirname(moduleOf(choice.handler ?? ""))),
          env.PYTHONPATH,
          folder,
          home,
        ),
        MMS_GRAPH_COMMAND: JSON.stringify([own.command, ...own.args, "graph"]),
      },
      folder,
      remedy: REMEDY,
      service: { name: "python", reason: reasonFor(choice, purpose) },
    };
  }

  async #home(): Promise<string> {
    const folder = await this.#packageFolder();
    if (await isThere(join(folder, ENTRY_FILE))) return folder;
    // Somebody has emptied the cache meanwhile.
    await this.#forget();
    return await this.#packageFolder();
  }

  async #packageFolder(): Promise<string> {
    this.#package ??= this.#cache.entry("python", packageKey(), {
      make: writePackage,
    });
    try {
      return (await this.#package).folder;
    } catch (error) {
      this.#package = undefined;
      throw error;
    }
  }

  async #forget(): Promise<void> {
    const entry = await this.#package?.catch(() => undefined);
    this.#package = undefined;
    await entry?.[Symbol.asyncDispose]();
  }
}

function mustNotRun({ archive }: WorkerPurpose): MmsError {
  return new MmsError(
    "load_failed",
    `Cannot run the Python code of model "${archive.name}": it was registered from a url that no setting names, allowed_urls with an expression that matches it would be right`,
  );
}

function isCode({ handler }: ServiceChoice): boolean {
  return handler !== undefined && !handler.startsWith("mms:");
}

/** Python 2 has ended: what was written for it may run in 3 as well. */
function reasonFor(
  { reason }: ServiceChoice,
  { runtime }: WorkerPurpose,
): string {
  return runtime === "python2"
    ? `${reason}; its runtime is python2, Python 3 runs it`
    : reason;
}

/** `folder/module.py` of `folder/module.py:function`. */
function moduleOf(handler: string): string {
  return handler.split(":", 1)[0]!;
}

function searchPath(...folders: readonly (string | undefined)[]): string {
  return [...new Set(folders)].filter(Boolean).join(delimiter);
}

function isThere(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

function packageKey(): string {
  return createHash("sha256").update(JSON.stringify(PACKAGE_FILES))
    .digest("hex");
}

async function writePackage(folder: string): Promise<void> {
  for (const [file, text] of Object.entries(PACKAGE_FILES)) {
    const path = join(folder, file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}
