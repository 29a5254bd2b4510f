import type { CallerSignal } from "../../workload/mod.ts";

/** How many callers are refused at once before it takes longer. */
const BURST = 100;
/** How many a second after that. */
const PER_SECOND = 200;
/** Nobody waits longer to be refused. */
const LONGEST_MS = 1000;

/**
 * Slows down refusals while there are many: callers who come back at once would
 * otherwise take the processor from predictions. A few are refused at once.
 */
export class RefusalPace {
  /** When the next refusal is due, if there were no burst allowed. */
  #next = -Infinity;

  /** Waits until a caller may be refused, or has gone. */
  async wait(signal: CallerSignal): Promise<void> {
    const now = performance.now();
    const step = 1000 / PER_SECOND;
    this.#next = Math.max(this.#next, now - BURST * step) + step;
    const ms = Math.min(this.#next - now, LONGEST_MS);
    if (ms <= 0) return;
    // Who is not refused in time does not make others wait even longer.
    this.#next = Math.min(this.#next, now + LONGEST_MS);
    await pause(ms, signal);
  }
}

async function pause(ms: number, signal: CallerSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const listener = { handleEvent: () => resolve() };
  signal.addEventListener("abort", listener);
  await promise;
  signal.removeEventListener("abort", listener);
  clearTimeout(timer);
}
