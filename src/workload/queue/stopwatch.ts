import type { Cancel, Clock } from "../clock.ts";

/**
 * Tells when something has taken too long. Its timer is set once and looked at
 * when it rings, so starting and stopping, which happens with every batch,
 * costs next to nothing.
 */
export class Stopwatch implements Disposable {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #onExpired: () => void;
  #since: number | undefined;
  #cancel: Cancel | undefined;

  /**
   * Makes one that calls `onExpired` `limit` ms after it was last started, or
   * never with a limit of 0.
   */
  constructor(clock: Clock, limit: number, onExpired: () => void) {
    this.#clock = clock;
    this.#limit = limit === 0 ? Infinity : limit;
    this.#onExpired = onExpired;
  }

  /** Starts it, from 0 if it is running; `now` is what its clock says. */
  start(now: number = this.#clock.now()): void {
    this.#since = now;
    this.#cancel ??= this.#clock.after(this.#limit, () => this.#ring());
  }

  /** Stops it. */
  stop(): void {
    this.#since = undefined;
  }

  /** Stops it for good. */
  [Symbol.dispose](): void {
    this.stop();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #ring(): void {
    this.#cancel = undefined;
    if (this.#since === undefined) return;
    const rest = this.#since + this.#limit - this.#clock.now();
    if (rest <= 0) this.#onExpired();
    else this.#cancel = this.#clock.after(rest, () => this.#ring());
  }
}
