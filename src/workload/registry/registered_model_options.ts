import type { ModelArchive, Runtime } from "../../archive/mod.ts";
import type { Clock } from "../clock.ts";
import type { ModelLimits } from "../options.ts";
import type { Worker } from "../pool/worker.ts";
import type { WorkerHooks } from "../pool/worker_pool_options.ts";

/** What a registered model is made of. */
export interface RegisteredModelOptions {
  /** What it is registered as. */
  readonly name: string;
  /** The url as it was registered. */
  readonly url: string;
  /** Its files. */
  readonly archive: ModelArchive;
  /** What runs its service. */
  readonly runtime: Runtime;
  /** Its limits. */
  readonly limits: ModelLimits;
  /** Whether the server registered it as it started. */
  readonly loadedAtStartup: boolean;
  /** What time it is. */
  readonly clock: Clock;
  /** Starts one of its workers. */
  readonly createWorker: (hooks: WorkerHooks) => Worker;
}
