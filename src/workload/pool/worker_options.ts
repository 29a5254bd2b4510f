import type { BatchRunnerOptions } from "../queue/batch_runner_options.ts";
import type { LoadWorkerOptions } from "./load_worker.ts";

/** What a worker is, and who hears of it. */
export interface WorkerOptions extends LoadWorkerOptions, BatchRunnerOptions {
  /** Stays the same when its process is replaced. */
  readonly id: string;
  /** Whether it logs why it has failed, as by default; whoever waits for it may say so. */
  readonly logsFailures?: boolean | undefined;
  /** Called when its status has changed. */
  readonly onChange: () => void;
}
