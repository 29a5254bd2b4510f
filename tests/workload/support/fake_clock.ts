import type { Cancel, Clock } from "../../../src/workload/clock.ts";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that goes on only when it is told to. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now = 0;

  /** How long each timer still has to run, in ms, shortest first. */
  get waits(): readonly number[] {
    return [...this.#timers].map(({ at }) => at - this.#now)
      .sort((a, b) => a - b);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Cancel {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Goes on, and rings what is due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
