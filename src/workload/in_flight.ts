import type { Batch } from "./batch_queue.ts";

/** Batches that leave in one write take about this long together, in ms. */
const GROUP_MS = 1;

/** Batches that leave in one write, at most. */
const MAX_GROUP = 16;

/** From here on a batch is worth handing over early, in ms. */
const SLOW_MS = 0.1;

/** How much the last batch counts in the mean time of a batch. */
const WEIGHT = 0.2;

/** A batch that a worker has in hand. */
export interface Handed {
  readonly id: number;
  readonly batch: Batch;
  /** When it was handed over, in ms of the clock. */
  readonly at: number;
}

/**
 * The batches that one worker has in hand, in the order in which it answers
 * them, and how many it may be given.
 *
 * Quick batches leave in groups, of as many as take about a millisecond, and
 * the next group only when the one before has come back: meanwhile jobs gather,
 * and what is written and read for each of them becomes small. Of slow batches
 * the next is handed over early, so that the worker need not wait for it.
 */
export class InFlight {
  #handed: Handed[] = [];
  #lastId = 0;
  /** Batches of the group that is being put together. */
  #gathering = 0;
  /** Whether nothing may be added to what is in hand. */
  #alone = false;
  /** Exponentially weighted; `undefined` before the first answer. */
  #meanMs: number | undefined;

  /** Batches in hand. */
  get size(): number {
    return this.#handed.length;
  }

  /** The batch that the worker is at, if any. */
  get first(): Handed | undefined {
    return this.#handed[0];
  }

  /** How many more batches may be added now. */
  get room(): number {
    if (this.#alone) return 0;
    const mean = this.#meanMs ?? GROUP_MS;
    const group = groupSize(mean);
    if (this.#gathering > 0) return group - this.#gathering;
    const early = mean >= SLOW_MS ? group : 0;
    return this.size <= early ? group : 0;
  }

  /**
   * Whether batches are so slow that each is answered before the next is begun,
   * so that the first in hand is the one that the worker is at.
   */
  get isSlow(): boolean {
    return this.#meanMs !== undefined && this.#meanMs >= GROUP_MS;
  }

  /** Has nothing added until all that is in hand has been answered. */
  isolate(): void {
    this.#alone = true;
  }

  /** Adds a batch to the group and returns the id it goes under. */
  add(batch: Batch, at: number): number {
    const id = ++this.#lastId;
    this.#handed.push({ id, batch, at });
    this.#gathering++;
    return id;
  }

  /** Takes the batch back that was added last. */
  takeBack(): void {
    this.#handed.pop();
    this.#gathering--;
  }

  /** Marks the end of a group: it has been written. */
  endGroup(): void {
    this.#gathering = 0;
  }

  /** Removes the first batch: it has been answered. */
  finishFirst(): void {
    this.#handed.shift();
    if (this.size === 0) this.#alone = false;
  }

  /** Takes note of how long a batch ran, in ms. */
  record(ms: number): void {
    this.#meanMs = this.#meanMs === undefined
      ? ms
      : this.#meanMs + WEIGHT * (ms - this.#meanMs);
  }

  /** Removes and returns all batches in hand. */
  clear(): readonly Handed[] {
    const handed = this.#handed;
    this.#handed = [];
    this.#gathering = 0;
    return handed;
  }
}

/** Returns how many batches of that mean time leave in one write. */
function groupSize(meanMs: number): number {
  return Math.min(MAX_GROUP, Math.max(1, Math.floor(GROUP_MS / meanMs)));
}
