import type { Cancel, Clock } from "../clock.ts";

/** How long a worker beyond the minimum may idle unless said otherwise, in ms. */
const IDLE_MS = 60_000;

/** Says, while it is on, every now and then since when to call a worker idle. */
export class IdleTimer {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #onDue: (idleSince: number) => void;
  #cancel: Cancel | undefined;

  /** Is off; `idleTimeout` in ms, 0 for a minute. */
  constructor(
    clock: Clock,
    idleTimeout: number,
    onDue: (idleSince: number) => void,
  ) {
    this.#clock = clock;
    this.#idleMs = idleTimeout || IDLE_MS;
    this.#onDue = onDue;
  }

  /** Switches it on, where it is not. */
  start(): void {
    // Twice as often as needed, and so late by half at most.
    this.#cancel ??= this.#clock.after(this.#idleMs / 2, () => {
      this.#cancel = undefined;
      this.#onDue(this.#clock.now() - this.#idleMs);
    });
  }

  /** Switches it off. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
