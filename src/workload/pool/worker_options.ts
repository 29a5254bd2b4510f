import type { BatchRunnerOptions } from "../queue/batch_runner_options.ts";
import type { LoadWorkerOptions } from "./load_worker.ts";

/** What a worker is, and who hears of it. */
export interface WorkerOptions extends LoadWorkerOptions, BatchRunnerOptions {
  /** Stays the same when its process is replaced. */
  readonly id: string;
  /** Called when its status has changed. */
  readonly onChange: () => void;
}
