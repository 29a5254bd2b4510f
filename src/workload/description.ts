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
  readonly status: WorkerStatus;
  /** Whether it uses a GPU: never so far. */
  readonly gpu: boolean;
  /** Resident memory in bytes; 0 where it cannot be told. */
  readonly memoryUsage: number;
}

/** One model, in the words of MMS's management API; what is unknown is left out. */
export interface ModelDescription {
  readonly modelName: string;
  readonly modelVersion?: string;
  /** The url as it was registered. */
  readonly modelUrl: string;
  /** The framework's name. */
  readonly engine?: string;
  readonly runtime: Runtime;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly batchSize: number;
  /** In ms. */
  readonly maxBatchDelay: number;
  readonly loadedAtStartup: boolean;
  readonly status: ModelStatus;
  /** Why its workers could not load it, where `status` is `FAILED`. */
  readonly reason?: string;
  readonly workers: readonly WorkerDescription[];
}
