import type { Clock } from "./clock.ts";

/** A wait that can be cut short. */
export class Pause {
  readonly #clock: Clock;
  #end: (() => void) | undefined;

  /** Waits by that clock. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether somebody waits. */
  get isWaiting(): boolean {
    return this.#end !== undefined;
  }

  /** Waits so many ms, or until it is ended. */
  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(ms, resolve);
    this.#end = resolve;
    await promise;
    cancel();
    this.#end = undefined;
  }

  /** Ends the wait, if there is one. */
  end(): void {
    this.#end?.();
  }
}
