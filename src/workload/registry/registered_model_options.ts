import type { ModelArchive, Runtime } from "../../archive/mod.ts";
import type { Clock } from "../clock.ts";
import type { ModelLimits, RegisterOptions } from "../options.ts";
import type { Worker } from "../pool/worker.ts";
import type { WorkerHooks } from "../pool/worker_pool_options.ts";

/** What a registered model is made of. */
export interface RegisteredModelOptions {
  /** What it is registered as. */
  readonly name: string;
  /** As it is registered. */
  readonly registration: RegisterOptions;
  /** Its files. */
  readonly archive: ModelArchive;
  /** What runs its service. */
  readonly runtime: Runtime;
  /** Its limits. */
  readonly limits: ModelLimits;
  /** What time it is. */
  readonly clock: Clock;
  /** Starts one of its workers. */
  readonly createWorker: (hooks: WorkerHooks) => Worker;
}
