import type { MmsError } from "../../errors.ts";
import type { Cancel, Clock } from "../clock.ts";
import type { Job } from "./job.ts";

/** Jobs that run together, in the order in which they came; never empty. */
export type Batch = readonly Job[];

/** The limits of a queue. */
export interface BatchQueueOptions {
  readonly clock: Clock;
  /** Jobs that may wait, 1 or more. */
  readonly capacity: number;
  /** Jobs in a batch at most, 1 or more. */
  readonly batchSize: number;
  /** How long the first job of a batch waits for others, in ms. */
  readonly maxBatchDelay: number;
  /** What a caller is told for whom there is no room. */
  readonly full: MmsError;
  /** Called when a batch has become ready by waiting. */
  readonly onReady: () => void;
}

/**
 * Where the jobs of one model wait. Taking is one step that nothing can come
 * between, so two takers never share a batch, and none gets an empty one.
 */
export class BatchQueue {
  readonly #options: BatchQueueOptions;
  readonly #waiting = new Set<Job>();
  /** Jobs that a dead worker had in hand: they go before all others. */
  #returned = new Set<Job>();
  #cancelDelay: Cancel | undefined;
  #closed = false;

  /** Makes an empty queue. */
  constructor(options: BatchQueueOptions) {
    this.#options = options;
  }

  /** Jobs that wait. */
  get length(): number {
    return this.#waiting.size + this.#returned.size;
  }

  /**
   * Whether the next batch was in hand when a worker died, and may have been
   * the cause: it should run alone.
   */
  get isSuspect(): boolean {
    return this.#returned.size > 0;
  }

  /** Whether one more job would be refused. */
  get isFull(): boolean {
    return this.length >= this.#options.capacity;
  }

  /** @throws {MmsError} `service_unavailable` if the queue is full */
  push(job: Job): void {
    if (this.isFull) throw this.#options.full;
    this.#waiting.add(job);
  }

  /** Puts back, before all others, jobs that a dead worker had in hand. */
  putBack(jobs: readonly Job[]): void {
    const open = jobs.filter((job) => !job.settled);
    this.#returned = new Set([...open, ...this.#returned]);
  }

  /** Forgets a job whose caller has gone. */
  drop(job: Job): void {
    this.#waiting.delete(job);
    this.#returned.delete(job);
    if (this.length === 0) this.#stopWaiting();
  }

  /**
   * Takes the next batch, if one is ready: as large as a batch may be, or its
   * first job has waited as long as it is to wait.
   */
  take(): Batch | undefined {
    if (this.isSuspect) return this.#takeFrom(this.#returned);
    if (this.length === 0) return undefined;
    if (this.length < this.#options.batchSize && !this.#closed) {
      const { clock, maxBatchDelay } = this.#options;
      const waited = clock.now() - this.#oldest().acceptedAt;
      if (waited < maxBatchDelay) {
        this.#waitFor(maxBatchDelay - waited);
        return undefined;
      }
    }
    this.#stopWaiting();
    return this.#takeFrom(this.#waiting);
  }

  /** From now on, batches are ready however small they are. */
  close(): void {
    this.#closed = true;
    this.#stopWaiting();
  }

  /** Tells every caller that waits, and forgets them. */
  rejectAll(error: MmsError): void {
    this.#stopWaiting();
    const jobs = [...this.#returned, ...this.#waiting];
    this.#returned.clear();
    this.#waiting.clear();
    for (const job of jobs) job.answer(error);
  }

  #oldest(): Job {
    for (const job of this.#waiting) return job;
    throw new Error("An empty queue has no oldest job");
  }

  #takeFrom(jobs: Set<Job>): Batch {
    const batch: Job[] = [];
    for (const job of jobs) {
      if (batch.length === this.#options.batchSize) break;
      jobs.delete(job);
      batch.push(job);
    }
    return batch;
  }

  #waitFor(ms: number): void {
    this.#cancelDelay ??= this.#options.clock.after(ms, () => {
      this.#cancelDelay = undefined;
      this.#options.onReady();
    });
  }

  #stopWaiting(): void {
    this.#cancelDelay?.();
    this.#cancelDelay = undefined;
  }
}
