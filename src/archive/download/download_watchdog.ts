/** Aborts what goes too long without a sign of life. */
export class Watchdog implements Disposable {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Fires when the watchdog does, or the caller's own signal. */
  readonly signal: AbortSignal;

  /** Makes one that sleeps until it is fed. */
  constructor(signal?: AbortSignal) {
    const own = this.#controller.signal;
    this.signal = signal === undefined ? own : AbortSignal.any([signal, own]);
  }

  /** Whether it was fed too late. */
  get hasFired(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Takes the next `ms` to be all right. */
  feed(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), ms);
  }

  /** Sends it to sleep for good. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
