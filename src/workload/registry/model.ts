import type { ModelArchive } from "../../archive/mod.ts";
import type { Inputs, Prediction } from "../../service/mod.ts";
import type { CallerSignal } from "../queue/job.ts";
import type { ModelDescription, ModelStatus } from "../description.ts";
import type {
  ModelLimits,
  RegisterOptions,
  ScaleOutcome,
  WorkerRange,
} from "../options.ts";

/** A registered archive: limits, queue and workers. */
export interface Model {
  /** What it is registered as. */
  readonly name: string;
  /** The url as it was registered. */
  readonly url: string;
  /** As it was registered. */
  readonly registration: RegisterOptions;
  /** Its files. */
  readonly archive: ModelArchive;
  /** Its limits, as they were when it was registered. */
  readonly limits: ModelLimits;
  /** What it is doing. */
  readonly status: ModelStatus;
  /** Why its workers could not load it, where none could. */
  readonly reason: string | undefined;
  /** Requests that wait. */
  readonly queueLength: number;
  /** How many workers it is to keep. */
  readonly range: WorkerRange;
  /** Workers that are ready. */
  readonly running: number;

  /**
   * Answers one request as soon as a worker can.
   *
   * @throws {MmsError} `service_unavailable` if the queue is full, there are no
   * workers or they cannot load the model; `prediction_timeout` if it took too
   * long; `worker_died` if its worker did; `aborted` if `signal` fired; what
   * the service threw otherwise
   */
  predict(inputs: Inputs, signal: CallerSignal): Promise<Prediction>;

  /**
   * Changes how many workers are kept, at once; `done` resolves, and never
   * rejects, when every worker up to the minimum has loaded or failed to.
   * Asking for what is already so tries again what has failed, and otherwise
   * gives the outcome of what is under way.
   */
  scale(range: WorkerRange): { readonly done: Promise<ScaleOutcome> };

  /** Says all that the management API shows. */
  describe(): ModelDescription;
}
