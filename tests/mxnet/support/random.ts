/**
 * Random numbers that can be had again.
 *
 * @module
 */

/** A source of random numbers. */
export interface Random {
  /** The next number, 0 ≤ x < 1. */
  next(): number;
  /** A whole number, low ≤ x ≤ high. */
  int(low: number, high: number): number;
  /** One of some. */
  pick<T>(items: readonly T[]): T;
}

/** Returns a source that a seed determines (mulberry32, by T. Ettinger). */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number) =>
    low + Math.floor(next() * (high - low + 1));
  return { next, int, pick: (items) => items[int(0, items.length - 1)]! };
}

/** Returns the seed of this run: `MMS_TEST_SEED`, else a fixed one. */
export function testSeed(): number {
  return Number(Deno.env.get("MMS_TEST_SEED") ?? 20260901);
}
