import { delimiter, dirname, join } from "node:path";
import {
  chooseService,
  type ServiceChoice,
  stockFiles,
  type StockServices,
} from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import {
  serviceEnvironment,
  type WorkerCommand,
  type WorkerLaunch,
  workerLaunch,
  type WorkerPurpose,
} from "../process/launch.ts";
import { PythonEnvironments } from "./environments.ts";
import { ENTRY_FILE, PythonPackage } from "./python_package.ts";

/** How Python workers are started. */
export interface PythonWorkersOptions {
  /** The program, by path or by name; what the system calls it by default. */
  readonly interpreter?: string | undefined;
  /** Where the worker's own files are kept; nowhere for long by default. */
  readonly cacheFolder?: string | undefined;
  /**
   * Whether what a model's `requirements.txt` names is installed for it; not by
   * default.
   */
  readonly installsRequirements?: boolean;
  /** The files of the original server that are known, for tests. */
  readonly stock?: StockServices;
}

const DEFAULT_INTERPRETER = Deno.build.os === "windows" ? "python" : "python3";

const REMEDY = "the setting python names another one, of version 3.8 or later";

/**
 * Starts what a model's service needs: Python for Python code, this program's
 * own workers for all else. Disposed of after the last worker has ended.
 */
export class PythonWorkers implements AsyncDisposable {
  readonly #interpreter: string;
  readonly #package: PythonPackage;
  readonly #environments: PythonEnvironments;
  readonly #stock: StockServices | undefined;

  /** Writes nothing before the first Python service is loaded. */
  constructor(options: PythonWorkersOptions = {}) {
    const { interpreter, cacheFolder, installsRequirements } = options;
    this.#interpreter = interpreter ?? DEFAULT_INTERPRETER;
    this.#stock = options.stock;
    this.#package = new PythonPackage({ cacheFolder });
    this.#environments = new PythonEnvironments({
      cacheFolder,
      isAllowed: installsRequirements ?? false,
    });
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
    await this.#environments[Symbol.asyncDispose]();
    await this.#package[Symbol.asyncDispose]();
  }

  async #command(
    purpose: WorkerPurpose,
    { choice, own }: {
      readonly choice: ServiceChoice;
      readonly own: WorkerCommand;
    },
  ): Promise<WorkerCommand> {
    const home = await this.#package.folder();
    const { archive, threads } = purpose;
    const env = serviceEnvironment(Deno.env.toObject(), threads);
    const interpreter = this.#interpreter;
    const handler = choice.handler ?? "";
    return {
      command: await this.#environments.interpreterFor({
        ...{ archive, interpreter, home, env },
      }),
      args: [join(home, ENTRY_FILE)],
      env: {
        MXNET_USE_OPERATOR_TUNING: "0",
        ...env,
        ...await this.#stockVariable(archive.folder, handler),
        PYTHONPATH: searchPath(
          join(archive.folder, dirname(moduleOf(handler))),
          env.PYTHONPATH,
          archive.folder,
          home,
        ),
        MMS_GRAPH_COMMAND: JSON.stringify([own.command, ...own.args, "graph"]),
      },
      folder: archive.folder,
      remedy: REMEDY,
      service: { name: "python", reason: reasonFor(choice, purpose) },
    };
  }

  /** Tells the worker which files it may have to stand in for. */
  async #stockVariable(
    folder: string,
    handler: string,
  ): Promise<Readonly<Record<string, string>>> {
    const roles = await stockFiles(folder, handler, this.#stock);
    return Object.keys(roles).length === 0
      ? {}
      : { MMS_STOCK_FILES: JSON.stringify(roles) };
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
