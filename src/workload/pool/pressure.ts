import type { Clock } from "../clock.ts";

/** How many workers there are and may be, and how much waits. */
export interface Load {
  readonly workers: number;
  readonly maxWorkers: number;
  /** Whether one of them is not ready yet. */
  readonly loading: boolean;
  /** Batches that wait. */
  readonly batches: number;
}

/** How long batches must have piled up before a worker is added, in ms. */
const PATIENCE_MS = 1_000;

/** Decides when a model gets one more worker than its minimum. */
export class Pressure {
  readonly #clock: Clock;
  #since: number | undefined;

  /** Begins without any pressure. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes note of the load and returns whether it has been too much for long
   * enough: a batch waits for each of the workers, and none is on its way.
   */
  demandsMore(load: Load): boolean {
    const isHigh = load.batches >= load.workers && !load.loading &&
      load.workers < load.maxWorkers;
    if (!isHigh) {
      this.#since = undefined;
      return false;
    }
    this.#since ??= this.#clock.now();
    if (this.#clock.now() - this.#since < PATIENCE_MS) return false;
    this.#since = undefined;
    return true;
  }
}
