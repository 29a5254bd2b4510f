import type { CallerSignal } from "../../workload/mod.ts";

/** What listens for a caller to leave. */
type Listener = Parameters<CallerSignal["addEventListener"]>[1];

/**
 * Whoever waits for an answer, for as long as that takes. To those who listen
 * it is like an `AbortSignal`, at a fraction of the cost; it has one listener
 * at a time, since a request is in one place at a time.
 */
export class Caller implements CallerSignal {
  #listener: Listener | undefined;
  #gone = false;

  /** Whether the caller has left. */
  get aborted(): boolean {
    return this.#gone;
  }

  /** Calls `listener` once if the caller leaves. */
  addEventListener(_type: "abort", listener: Listener): void {
    this.#listener = listener;
  }

  /** Does not call `listener` any more. */
  removeEventListener(_type: "abort", listener: Listener): void {
    if (this.#listener === listener) this.#listener = undefined;
  }

  /** Tells that the caller has left. */
  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#listener?.handleEvent();
  }
}
