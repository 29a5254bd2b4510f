import type { ModelArchive, Runtime } from "../archive/mod.ts";
import type { Metrics } from "../metrics.ts";
import type { WorkerLaunch } from "./process/launch.ts";

/** The files of a model, held for as long as they are in use. */
export interface OpenedArchive extends AsyncDisposable {
  /** The model that they are. */
  readonly archive: ModelArchive;
}

/** Turns the url of a model into its files; the archive layer does this. */
export type OpenArchive = (
  url: string,
  signal: AbortSignal,
) => Promise<OpenedArchive>;

/** What a registry needs, and what its models are given unless they say otherwise. */
export interface RegistryOptions {
  /** Turns the url of a model into its files. */
  readonly open: OpenArchive;
  /** How a worker is started; this program's own `worker` command by default. */
  readonly launch?: WorkerLaunch;
  /** What models run as that do not say; `auto` by default. */
  readonly service?: "auto" | "python";
  /**
   * Whether Python code runs that callers have fetched from urls; false by
   * default, code that is served from the start runs in any case.
   */
  readonly codeFromUrls?: boolean;
  /** Limits of models that name none of their own. */
  readonly defaults?: Partial<ModelLimits>;
  /** Counts, for each registered model, what its queue and workers do. */
  readonly metrics?: Metrics;
  /** Where workers keep converted checkpoints; nowhere for long by default. */
  readonly cacheFolder?: string | undefined;
  /** The largest answer, in bytes; 6,553,500 by default, as MMS. */
  readonly maxResponseSize?: number;
  /** Whether it is logged why a worker cannot load its model; true by default. */
  readonly logsFailures?: boolean;
}

/** The limits of one model. */
export interface ModelLimits {
  /** Requests that run together, 1 or more; 1 by default. */
  readonly batchSize: number;
  /** How long a request waits for others to run with, in ms; 100 by default. */
  readonly maxBatchDelay: number;
  /** How long a batch may run before its worker is killed, in ms; 0 for no limit, 2 h by default, as MMS. */
  readonly responseTimeout: number;
  /** How long a request may take, waiting included, in ms; 0, the default, for no limit. */
  readonly requestTimeout: number;
  /** How long a worker may take to load the model, in ms; 2 min by default. */
  readonly loadTimeout: number;
  /** Requests that may wait, 1 or more; 100 by default. */
  readonly queueSize: number;
  /** Threads of each worker within one operator, 1 or more; 1 by default. */
  readonly threads: number;
  /** Resident memory a worker may take before it is killed, in bytes; 0, the default, for no limit. */
  readonly memoryLimit: number;
  /**
   * How long a worker above the minimum may have nothing to do before it is
   * given up, in ms. With 0, the default, extra workers go after a minute and
   * a model with a minimum of 0 starts none by itself; otherwise such a model
   * starts one on its first request.
   */
  readonly idleTimeout: number;
}

/** How many workers a model keeps. */
export interface WorkerRange {
  /** Kept at all times, 0 or more. */
  readonly minWorkers: number;
  /** Reached while requests queue up, at least the minimum. */
  readonly maxWorkers: number;
}

/** What is registered, and how; limits left out are the registry's. */
export interface RegisterOptions
  extends Partial<ModelLimits>, Partial<WorkerRange> {
  /** Where the model is, as the caller wrote it. */
  readonly url: string;
  /** What it is called; the archive's own name by default. */
  readonly name?: string;
  /** Replaces the manifest's handler. */
  readonly handler?: string;
  /**
   * `auto`: a built-in service where one does the work of the model's code;
   * `python`: the code itself. The registry's by default.
   */
  readonly service?: "auto" | "python";
  /** Replaces the manifest's runtime. */
  readonly runtime?: Runtime;
  /** Whether the server registers it as it starts; false by default. */
  readonly loadedAtStartup?: boolean;
  /** Gives up opening the archive. */
  readonly signal?: AbortSignal;
}

/** What came of a change in the number of workers. */
export type ScaleOutcome =
  | {
    /** `scaled`: the minimum runs; `partial`: fewer, but at least one. */
    readonly status: "scaled" | "partial";
    /** Workers that are ready. */
    readonly running: number;
  }
  | {
    /** None runs. */
    readonly status: "failed";
    readonly running: 0;
    /** Why the last worker could not load the model. */
    readonly reason: string;
    /** Whether memory was what it lacked. */
    readonly outOfMemory: boolean;
  };
