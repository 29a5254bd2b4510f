import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { Attempt } from "./attempt.ts";
import { BackOff } from "./back_off.ts";
import type { Batch } from "../queue/batch_queue.ts";
import { BatchRunner } from "../queue/batch_runner.ts";
import type { WorkerDescription, WorkerStatus } from "../description.ts";
import { loadWorker } from "./load_worker.ts";
import { Pause } from "../pause.ts";
import { residentMemory } from "../process/resident_memory.ts";
import type { WorkerOptions } from "./worker_options.ts";
import type { WorkerProcess } from "../process/worker_process.ts";

const log = logger("workload");

/** Owns one process that answers batches, and replaces it when it dies. */
export class Worker {
  /** Stays the same when its process is replaced. */
  readonly id: string;
  /** Settles when it has ended for good. */
  readonly ended: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #killed = new AbortController();
  #status: WorkerStatus = "LOADING";
  #reason: MmsError | undefined;
  readonly #attempt = new Attempt();
  readonly #pause: Pause;
  #runner: BatchRunner | undefined;
  #startedAt = new Date();
  #leaving = false;
  #stopping = false;

  /** Starts a process, and goes on until it is stopped or killed. */
  constructor(options: WorkerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#pause = new Pause(options.clock);
    this.ended = this.#live();
  }

  /** What it is doing. */
  get status(): WorkerStatus {
    return this.#leaving ? "UNLOADING" : this.#status;
  }

  /** Whether it may still come to answer batches, though it may be leaving. */
  get hopeful(): boolean {
    return !this.#stopping && this.#status !== "FAILED";
  }

  /** Why it could not load its model the last time, if it could not. */
  get reason(): MmsError | undefined {
    return this.#reason;
  }

  /** Settles when the attempt to load that is under way has ended either way. */
  get attempted(): Promise<void> {
    return this.#attempt.ended;
  }

  /** Batches that it has in hand. */
  get size(): number {
    return this.#runner?.size ?? 0;
  }

  /** Batches that it may be given now. */
  get room(): number {
    return this.#runner?.room ?? 0;
  }

  /** Since when it has had nothing to do, in ms of the clock. */
  get idleSince(): number | undefined {
    return this.size === 0 ? this.#runner?.idleSince : undefined;
  }

  /** Takes a batch, for which it has room, to be sent with the next flush. */
  give(batch: Batch): void {
    this.#runner!.give(batch);
  }

  /** Takes nothing more until it has answered what it was given. */
  isolate(): void {
    this.#runner!.isolate();
  }

  /** Sends what it was given. */
  flush(): void {
    this.#runner?.flush();
  }

  /** Marks it as one that is about to be stopped. */
  leave(): void {
    this.#leaving = true;
  }

  /** Tries again at once, if it waits to. */
  retryNow(): void {
    if (!this.#pause.isWaiting) return;
    this.#attempt.begin();
    this.#pause.end();
  }

  /** Ends it; it has nothing in hand. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#runner === undefined) this.#killed.abort();
    else this.#runner.stop();
    this.#pause.end();
  }

  /** Ends it at once; `error` is what callers are told whose jobs it has. */
  kill(error: MmsError): void {
    this.#stopping = true;
    this.#killed.abort();
    this.#runner?.kill(error);
    this.#pause.end();
  }

  /** Says what the management API shows. */
  describe(): WorkerDescription {
    const pid = this.#runner?.pid;
    return {
      id: this.id,
      startTime: this.#startedAt.toISOString(),
      status: this.status,
      gpu: false,
      memoryUsage: pid === undefined ? 0 : residentMemory(pid),
    };
  }

  async #live(): Promise<void> {
    const { id } = this;
    const backOff = new BackOff();
    while (!this.#stopping) {
      const proven = await this.#serve(backOff);
      if (this.#stopping) break;
      const seconds = proven ? 0 : backOff.next(this.#reason);
      log.info("Retry worker: {id} in {seconds} seconds.", { id, seconds });
      if (seconds > 0) await this.#pause.wait(seconds * 1000);
    }
    this.#attempt.end();
  }

  /** Returns whether the process has answered anything. */
  async #serve(backOff: BackOff): Promise<boolean> {
    this.#attempt.begin();
    this.#startedAt = new Date();
    try {
      const { signal } = this.#killed;
      await using process = await loadWorker(this.#options, signal);
      if (this.#stopping) return false;
      backOff.reset();
      this.#reason = undefined;
      return await this.#run(process);
    } catch (error) {
      if (!this.#stopping) this.#fail(error);
      return false;
    } finally {
      this.#runner = undefined;
    }
  }

  async #run(process: WorkerProcess): Promise<boolean> {
    const runner = new BatchRunner(process, {
      ...this.#options,
      onClosed: (returned) => {
        this.#options.onClosed(returned);
        if (!this.#stopping) this.#become("LOADING");
      },
    });
    this.#runner = runner;
    this.#become("READY");
    const how = await runner.run();
    if (!this.#stopping) {
      log.warn("Worker {id} died: {how}", { id: this.id, how });
      this.#options.metrics?.restarted();
    }
    return runner.proven;
  }

  #fail(error: unknown): void {
    const { id, logsFailures = true } = this.#options;
    const isExpected = error instanceof MmsError;
    const why = messageOf(error);
    const isTold = this.#reason?.message === why;
    const level = isTold || !logsFailures ? "debug" : "error";
    this.#reason = isExpected ? error : new MmsError("load_failed", why);
    log[level]("Worker {id}: {why}", { id, why: isExpected ? why : error });
    this.#become("FAILED");
  }

  #become(status: WorkerStatus): void {
    this.#status = status;
    if (status === "LOADING") this.#attempt.begin();
    else this.#attempt.end();
    this.#options.onChange();
  }
}
