import type { ModelMetrics } from "../../metrics.ts";
import type { Clock } from "../clock.ts";
import type { Job } from "./job.ts";

/** How batches are run, and who hears of it. */
export interface BatchRunnerOptions {
  readonly clock: Clock;
  /** How long a batch may run, in ms. */
  readonly responseTimeout: number;
  /** Resident memory the process may take, in bytes; 0 for no limit. */
  readonly memoryLimit: number;
  /** Called when answers have come in, so that there may be room again. */
  readonly onFree: () => void;
  /** Called, once, with the jobs in hand at its end that are to be run again. */
  readonly onClosed: (returned: readonly Job[]) => void;
  /** Counts what becomes of batches. */
  readonly metrics: ModelMetrics | undefined;
}
