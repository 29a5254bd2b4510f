import { MmsError } from "../../errors.ts";
import type { Inputs, Prediction } from "../../service/mod.ts";
import type { Cancel, Clock } from "../clock.ts";
import { OUT_OF_RESOURCES } from "../protocol/crossing_error.ts";
import type { Answer } from "../protocol/reply_reader.ts";

/** Tells that a caller has gone, once; every `AbortSignal` does. */
export interface CallerSignal {
  /** Whether the caller has gone. */
  readonly aborted: boolean;
  /** Calls `listener` when the caller goes. */
  addEventListener(type: "abort", listener: { handleEvent(): void }): void;
  /** Calls `listener` no more. */
  removeEventListener(type: "abort", listener: { handleEvent(): void }): void;
}

/** How long a job may take, and who is told when its caller gives it up. */
export interface JobOptions {
  readonly clock: Clock;
  /** From now to the answer, in ms; 0 for no limit. */
  readonly timeout: number;
  /** Called once if the job is given up before it is answered. */
  readonly onGivenUp: (job: Job) => void;
}

/** One waiting caller. */
export class Job {
  readonly inputs: Inputs;
  /** When it was accepted, in ms of the clock. */
  readonly acceptedAt: number;
  /** What the caller waits for. */
  readonly prediction: Promise<Prediction>;
  readonly #signal: CallerSignal;
  readonly #onGivenUp: (job: Job) => void;
  readonly #cancelTimeout: Cancel | undefined;
  #resolve!: (prediction: Prediction) => void;
  #reject!: (error: unknown) => void;
  #settled = false;

  /** Accepts what a caller sent; `signal` has not fired yet. */
  constructor(inputs: Inputs, signal: CallerSignal, options: JobOptions) {
    this.inputs = inputs;
    this.acceptedAt = options.clock.now();
    this.prediction = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#signal = signal;
    this.#onGivenUp = options.onGivenUp;
    this.#cancelTimeout = options.timeout > 0
      ? options.clock.after(options.timeout, () => this.#giveUp(timedOut()))
      : undefined;
    signal.addEventListener("abort", this);
  }

  /** Whether the caller has been told, or has gone. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Tells the caller, once; later answers are dropped. */
  answer(answer: Answer): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#cancelTimeout?.();
    this.#signal.removeEventListener("abort", this);
    if (answer instanceof MmsError) this.#reject(answer);
    else this.#resolve(answer);
  }

  /** Hears that the caller has gone: the job is its own listener. */
  handleEvent(): void {
    this.#giveUp(callerGone());
  }

  #giveUp(error: MmsError): void {
    if (this.#settled) return;
    this.answer(error);
    this.#onGivenUp(this);
  }
}

/** Tells the callers of several jobs the same. */
export function answerEach(jobs: readonly Job[], answer: Answer): void {
  for (const job of jobs) job.answer(answer);
}

/** Returns the error for a caller who has gone. */
export function callerGone(): MmsError {
  return new MmsError("aborted", "Cannot predict: the caller has gone");
}

/** Returns the error for a prediction that took too long. */
export function timedOut(): MmsError {
  return new MmsError("prediction_timeout", "Prediction timed out");
}

/** Returns the error for a prediction whose worker ended, in MMS's words. */
export function workerDied(): MmsError {
  return new MmsError("worker_died", "Worker died.");
}

/** Returns the error for a prediction that took too much memory. */
export function outOfResources(): MmsError {
  return new MmsError("out_of_memory", OUT_OF_RESOURCES);
}
