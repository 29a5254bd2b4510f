import type { BatchQueue } from "../queue/batch_queue.ts";
import type { Clock } from "../clock.ts";
import type { Worker } from "./worker.ts";
import type { WorkerOptions } from "./worker_options.ts";

/** What a worker tells the pool that it belongs to. */
export type WorkerHooks = Pick<
  WorkerOptions,
  "onChange" | "onClosed" | "onFree"
>;

/** What the workers of one model have in common. */
export interface WorkerPoolOptions {
  readonly clock: Clock;
  /** What the model is registered as. */
  readonly name: string;
  /** Where batches come from. */
  readonly queue: BatchQueue;
  /** Requests in a batch at most. */
  readonly batchSize: number;
  /** As `ModelLimits.idleTimeout` has it, in ms. */
  readonly idleTimeout: number;
  /** Starts one. */
  readonly create: (hooks: WorkerHooks) => Worker;
}
