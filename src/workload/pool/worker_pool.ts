import type { MmsError } from "../../errors.ts";
import type { ModelStatus, WorkerDescription } from "../description.ts";
import { handOut } from "./hand_out.ts";
import { IdleTimer } from "./idle_timer.ts";
import type { ScaleOutcome, WorkerRange } from "../options.ts";
import { Pressure } from "./pressure.ts";
import { cannotServe, noWorkerAvailable } from "./refusals.ts";
import type { Worker } from "./worker.ts";
import type { WorkerPoolOptions } from "./worker_pool_options.ts";
import {
  commonFailure,
  commonStatus,
  countReady,
  scaleOutcome,
} from "./worker_states.ts";

/** The workers of one model: how many there are, and who gets which batch. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #pressure: Pressure;
  readonly #idleTimer: IdleTimer;
  /** Those that are to stay, oldest first. */
  readonly #staying: Worker[] = [];
  /** Those that only finish what they have in hand. */
  readonly #leaving = new Set<Worker>();
  #range: WorkerRange = { minWorkers: 0, maxWorkers: 0 };
  #refusal: MmsError | undefined;
  #draining = false;

  /** Makes a pool without workers. */
  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#pressure = new Pressure(options.clock);
    this.#idleTimer = new IdleTimer(
      options.clock,
      options.idleTimeout,
      (since) => this.#releaseIdle(since),
    );
    this.#refusal = this.#refuse();
  }

  /** How many workers there are to be. */
  get range(): WorkerRange {
    return this.#range;
  }

  /** Why no request can be taken, if none can. */
  get refusal(): MmsError | undefined {
    return this.#refusal;
  }

  /** Workers that are ready. */
  get running(): number {
    return countReady(this.#staying);
  }

  /** What they are doing on the whole. */
  get status(): Exclude<ModelStatus, "UNLOADING"> {
    return commonStatus(this.#staying);
  }

  /** Why the last of them could not load the model, if none could. */
  get reason(): string | undefined {
    return commonFailure(this.#staying);
  }

  /** Says what the management API shows of each. */
  describe(): readonly WorkerDescription[] {
    return [...this.#staying, ...this.#leaving].map((w) => w.describe());
  }

  /** Starts and stops workers at once; resolves when those wanted have loaded. */
  async scale(range: WorkerRange): Promise<ScaleOutcome> {
    this.#range = range;
    while (this.#staying.length < range.minWorkers) this.#add();
    while (this.#staying.length > range.maxWorkers) {
      this.#release(this.#staying.at(-1)!);
    }
    const wanted = this.#staying.slice(0, range.minWorkers);
    for (const worker of wanted) worker.retryNow();
    this.#changed();
    await Promise.all(wanted.map((worker) => worker.attempted));
    return scaleOutcome(wanted);
  }

  /** Hands out what waits, to whoever has room. */
  dispatch(): void {
    const { queue } = this.#options;
    if (queue.length > 0) {
      if (this.#staying.length === 0 && this.#startsOnDemand) this.#add();
      handOut(queue, this.#atWork);
      if (this.#staying.length < this.#range.maxWorkers) this.#growIfPressed();
    }
    if (this.#leaving.size > 0) this.#dismiss();
  }

  /** Has the workers finish what waits and what they have in hand, and end. */
  async drain(): Promise<void> {
    this.#draining = true;
    await this.scale({ minWorkers: 0, maxWorkers: 0 });
    await Promise.all([...this.#leaving].map((worker) => worker.ended));
  }

  /** Ends all workers at once; `error` is what callers are told. */
  kill(error: MmsError): void {
    for (const worker of this.#staying.toReversed()) this.#release(worker);
    for (const worker of this.#leaving) worker.kill(error);
    this.#options.queue.rejectAll(error);
  }

  /** Those who leave go on as long as there is nobody else. */
  get #atWork(): readonly Worker[] {
    return this.#staying.length > 0 ? this.#staying : [...this.#leaving];
  }

  get #startsOnDemand(): boolean {
    const { minWorkers } = this.#range;
    return this.#options.idleTimeout > 0 && minWorkers === 0 && !this.#draining;
  }

  #add(): void {
    const worker = this.#options.create({
      onChange: () => this.#changed(),
      onClosed: (returned) => this.#options.queue.putBack(returned),
      onFree: () => this.dispatch(),
    });
    this.#staying.push(worker);
    worker.ended.finally(() => {
      this.#leaving.delete(worker);
      this.#changed();
    });
  }

  #release(worker: Worker): void {
    this.#staying.splice(this.#staying.indexOf(worker), 1);
    this.#leaving.add(worker);
    worker.leave();
  }

  /** Stops those who leave, unless what waits is left to them. */
  #dismiss(): void {
    const needed = this.#staying.length === 0 && this.#options.queue.length > 0;
    for (const worker of this.#leaving) {
      if (worker.size === 0 && !(needed && worker.hopeful)) worker.stop();
    }
  }

  #changed(): void {
    this.#refusal = this.#refuse();
    if (this.#refusal !== undefined && !this.#atWork.some((w) => w.hopeful)) {
      this.#options.queue.rejectAll(this.#refusal);
    }
    this.dispatch();
    const mayShrink = this.#staying.length > this.#range.minWorkers;
    if (mayShrink) this.#idleTimer.start();
    else this.#idleTimer.stop();
  }

  #refuse(): MmsError | undefined {
    const { name } = this.#options;
    if (this.#staying.length === 0) {
      return this.#startsOnDemand ? undefined : noWorkerAvailable(name);
    }
    const { reason } = this;
    return reason === undefined ? undefined : cannotServe(name, reason);
  }

  #growIfPressed(): void {
    const { queue, batchSize } = this.#options;
    const isPressed = this.#pressure.demandsMore({
      workers: this.#staying.length,
      maxWorkers: this.#range.maxWorkers,
      loading: this.running < this.#staying.length,
      batches: Math.ceil(queue.length / batchSize),
    });
    if (isPressed) this.#add();
  }

  #releaseIdle(since: number): void {
    for (const worker of this.#staying.toReversed()) {
      if (this.#staying.length === this.#range.minWorkers) break;
      const isIdle = (worker.idleSince ?? Infinity) <= since;
      if (isIdle || worker.status === "FAILED") this.#release(worker);
    }
    this.#changed();
  }
}
