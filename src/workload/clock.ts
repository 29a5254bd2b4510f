/** What is called off by calling it. */
export type Cancel = () => void;

/** Time that never goes back, and waiting for it. */
export interface Clock {
  /** Returns the time since some fixed point, in ms. */
  now(): number;
  /** Calls `run` once, `ms` from now, unless it is called off. */
  after(ms: number, run: () => void): Cancel;
}

/** The longest wait that timers of the runtime know, in ms: 24 days. */
const LONGEST_MS = 0x7fff_ffff;

/** The clock of the system. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
