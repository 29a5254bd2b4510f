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
  /** Whether its answer is sent before the next batch is begun. */
  readonly isPrompt: boolean;
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
  /** Exponentially weighted; a guess before the first answer. */
  #meanMs = GROUP_MS;
  #known = false;

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
    const group = this.#groupSize;
    if (this.#gathering > 0) return group - this.#gathering;
    const early = this.#meanMs < SLOW_MS ? 0 : group;
    return this.size <= early ? group : 0;
  }

  /** Has nothing added until all that is in hand has been answered. */
  isolate(): void {
    this.#alone = this.size > 0;
  }

  /** Adds a batch to the group. */
  add(batch: Batch, at: number): Handed {
    const isPrompt = this.#groupSize === 1;
    const handed = { id: ++this.#lastId, batch, at, isPrompt };
    this.#handed.push(handed);
    this.#gathering++;
    return handed;
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
    this.#meanMs = this.#known
      ? this.#meanMs + WEIGHT * (ms - this.#meanMs)
      : ms;
    this.#known = true;
  }

  /** Removes and returns all batches in hand. */
  clear(): readonly Handed[] {
    const handed = this.#handed;
    this.#handed = [];
    this.#gathering = 0;
    return handed;
  }

  /** How many batches leave in one write. */
  get #groupSize(): number {
    const count = Math.floor(GROUP_MS / this.#meanMs);
    return Math.min(MAX_GROUP, Math.max(1, count));
  }
}
