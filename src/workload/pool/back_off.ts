import type { ErrorCode, MmsError } from "../../errors.ts";

/** Failures that come from the model's files, and stay as long as those do. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  "invalid_archive",
  "invalid_model",
]);

/** The least delay after one of these, in s. */
const LASTING_DELAY_S = 60;

/** MMS's longest delay between two attempts, in s. */
const LONGEST_S = 1597;

/** The delays between attempts to start a worker: 1, 1, 2, 3, 5, 8, 13, … s, as MMS. */
export class BackOff {
  #next = 1;
  #afterNext = 1;

  /** Returns the next delay in s, a minute or more if the model itself is wrong. */
  next(failure?: MmsError): number {
    const delay = this.#next;
    this.#next = this.#afterNext;
    this.#afterNext = Math.min(LONGEST_S, delay + this.#next);
    const isLasting = failure !== undefined && LASTING.has(failure.code);
    return isLasting ? Math.max(LASTING_DELAY_S, delay) : delay;
  }

  /** Starts again. */
  reset(): void {
    this.#next = 1;
    this.#afterNext = 1;
  }
}
