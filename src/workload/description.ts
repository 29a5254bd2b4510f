import type { Runtime } from "../archive/mod.ts";

/**
 * What a model is doing. `IDLE`: it has no workers and wants none; `LOADING`:
 * none is ready yet, requests wait; `READY`: at least one is ready; `FAILED`:
 * none can load it, requests fail at once; `UNLOADING`: it is being unregistered.
 */
export type ModelStatus = "IDLE" | "LOADING" | "READY" | "FAILED" | "UNLOADING";

/** What a worker is doing; one that was ready and died is `LOADING` again. */
export type WorkerStatus = "LOADING" | "READY" | "FAILED" | "UNLOADING";

/** One worker, in the words of MMS's management API. */
export interface WorkerDescription {
  /** Stays the same when the worker is restarted. */
  readonly id: string;
  /** When its current process was started, ISO 8601. */
  readonly startTime: string;
  /** What it is doing. */
  readonly status: WorkerStatus;
  /** Whether it uses a GPU: never so far. */
  readonly gpu: boolean;
  /** Resident memory in bytes; 0 where it cannot be told. */
  readonly memoryUsage: number;
}

/** One model, in the words of MMS's management API; what is unknown is left out. */
export interface ModelDescription {
  /** What it is registered as. */
  readonly modelName: string;
  /** As its manifest has it. */
  readonly modelVersion?: string;
  /** The url as it was registered. */
  readonly modelUrl: string;
  /** The framework's name. */
  readonly engine?: string;
  /** What runs its service. */
  readonly runtime: Runtime;
  /** Which service it got, `mms:image` and its like; absent until one is loaded. */
  readonly service?: string;
  /** Why it got that one. */
  readonly serviceReason?: string;
  /** Workers kept at all times. */
  readonly minWorkers: number;
  /** Workers kept while requests pile up. */
  readonly maxWorkers: number;
  /** Requests that run together. */
  readonly batchSize: number;
  /** How long a request waits for others to run with, in ms. */
  readonly maxBatchDelay: number;
  /** Whether the server registered it as it started. */
  readonly loadedAtStartup: boolean;
  /** What it is doing. */
  readonly status: ModelStatus;
  /** Why its workers could not load it, where `status` is `FAILED`. */
  readonly reason?: string;
  /** Its workers, oldest first, and those that are about to end. */
  readonly workers: readonly WorkerDescription[];
}
