/** MMS's longest delay between two attempts, in s. */
const LONGEST_S = 1597;

/** The delays between attempts to start a worker: 1, 1, 2, 3, 5, 8, 13, … s. */
export class BackOff {
  #next = 1;
  #afterNext = 1;

  /** Returns the next delay in s. */
  next(): number {
    const delay = this.#next;
    this.#next = this.#afterNext;
    this.#afterNext = Math.min(LONGEST_S, delay + this.#next);
    return delay;
  }

  /** Starts again. */
  reset(): void {
    this.#next = 1;
    this.#afterNext = 1;
  }
}
