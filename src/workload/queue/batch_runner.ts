import { messageOf, MmsError } from "../../errors.ts";
import type { Batch } from "./batch_queue.ts";
import { countAnswered, countHanded } from "./batch_metrics.ts";
import type { BatchRunnerOptions } from "./batch_runner_options.ts";
import { refuse } from "../protocol/door.ts";
import { InFlight } from "./in_flight.ts";
import { answerEach, outOfResources, timedOut, workerDied } from "./job.ts";
import { appendPredict, appendStop } from "../protocol/orders.ts";
import { readReply, type ReplyRead } from "../protocol/reply_reader.ts";
import { watchMemory } from "../process/resident_memory.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { WorkerProcess } from "../process/worker_process.ts";

/** What leaves in one write, in bytes: sockets hold 208 kB by default. */
const GROUP_BYTES = 1 << 17;

/** How long a process may take to end when it is asked to, in ms. */
const STOP_MS = 2_000;

/** Has one loaded process run batches, until it ends. */
export class BatchRunner {
  readonly #process: WorkerProcess;
  readonly #options: BatchRunnerOptions;
  readonly #inFlight = new InFlight();
  readonly #stopwatch: Stopwatch;
  #killedFor: MmsError | undefined;
  #closed = false;
  #proven = false;
  #idleSince: number;

  /** Takes over a process that has loaded its model. */
  constructor(process: WorkerProcess, options: BatchRunnerOptions) {
    this.#process = process;
    this.#options = options;
    this.#idleSince = options.clock.now();
    this.#stopwatch = new Stopwatch(
      options.clock,
      options.responseTimeout,
      () => this.#killFor(timedOut()),
    );
  }

  /** The id of the process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Batches that it has in hand. */
  get size(): number {
    return this.#inFlight.size;
  }

  /** Batches that it may be given now. */
  get room(): number {
    const full = this.#closed || this.#process.writer.pending >= GROUP_BYTES;
    return full ? 0 : this.#inFlight.room;
  }

  /** Whether it has answered a batch. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Since when it has had nothing to do, in ms of the clock. */
  get idleSince(): number {
    return this.#idleSince;
  }

  /** Takes a batch, to be sent with the next flush. */
  give(batch: Batch): void {
    const { clock, metrics } = this.#options;
    const now = clock.now();
    const handed = this.#inFlight.add(batch, now);
    try {
      appendPredict(this.#process.writer, handed);
    } catch (error) {
      if (!(error instanceof MmsError)) throw error;
      this.#inFlight.takeBack();
      answerEach(batch, error);
      return;
    }
    if (this.#inFlight.size === 1) {
      this.#process.forgetWords();
      this.#stopwatch.start(now);
    }
    if (metrics !== undefined) countHanded(metrics, handed);
  }

  /** Takes nothing more until it has answered what it was given. */
  isolate(): void {
    this.#inFlight.isolate();
  }

  /** Sends what it was given. */
  flush(): void {
    this.#inFlight.endGroup();
    // A write that fails is noticed by the connection having ended.
    if (this.#process.writer.pending > 0) {
      this.#process.writer.flush().catch(() => {});
    }
  }

  /** Runs until the process has ended and says how it did. */
  async run(): Promise<string> {
    const { clock, memoryLimit } = this.#options;
    const unwatch = watchMemory(this.pid, memoryLimit, {
      clock,
      onExceeded: () => this.#killFor(outOfResources()),
    });
    try {
      await this.#answerAll();
    } catch (error) {
      this.#process.kill();
      if (!(error instanceof MmsError)) throw error;
      return messageOf(error);
    } finally {
      unwatch();
      this.#stopwatch[Symbol.dispose]();
      this.#close();
    }
    const how = await this.#process.endWithin(STOP_MS);
    const { message } = this.#killedFor ?? {};
    return message === undefined ? how : `it was ended: ${message}`;
  }

  /** Asks the process, which has nothing in hand, to end. */
  stop(): void {
    this.#closed = true;
    appendStop(this.#process.writer, 0);
    this.flush();
    this.#process.endWithin(STOP_MS);
  }

  /** Ends the process at once and tells that to all whose jobs it has in hand. */
  kill(error: MmsError): void {
    for (const { batch } of this.#inFlight.clear()) answerEach(batch, error);
    this.#process.kill();
  }

  async #answerAll(): Promise<void> {
    for (;;) {
      const frames = await this.#process.receive();
      if (frames === undefined) return;
      // One look at the clock for all that has come at once.
      const now = this.#options.clock.now();
      for (const frame of frames) this.#take(readReply(frame), now);
      this.#options.onFree();
    }
  }

  #take(reply: ReplyRead, now: number): void {
    const handed = this.#inFlight.first;
    if (handed?.id !== reply.id || reply.type === "loaded") {
      refuse("id", "that of the batch whose turn it is");
    }
    if (reply.type === "failed") {
      this.#finishFirst(now);
      answerEach(handed.batch, reply.error);
      return;
    }
    if (reply.answers.length !== handed.batch.length) {
      refuse("answers", "as many as the batch has requests");
    }
    this.#finishFirst(now);
    this.#inFlight.record(reply.ms);
    handed.batch.forEach((job, i) => job.answer(reply.answers[i]!));
    const { metrics } = this.#options;
    if (metrics !== undefined) countAnswered(metrics, handed, { reply, now });
  }

  #finishFirst(now: number): void {
    this.#inFlight.finishFirst();
    this.#proven = true;
    if (this.#inFlight.size > 0) {
      this.#stopwatch.start(now);
    } else {
      this.#stopwatch.stop();
      this.#idleSince = now;
    }
  }

  /**
   * What it was at is lost. Where that cannot be told, since answers to quick
   * batches wait for each other, all it had in hand is run again, each alone.
   */
  #close(): void {
    this.#closed = true;
    const { size, first } = this.#inFlight;
    const isSure = size === 1 || first?.isPrompt;
    const batches = this.#inFlight.clear().map(({ batch }) => batch);
    const lost = isSure ? batches.slice(0, 1) : [];
    answerEach(lost.flat(), this.#killedFor ?? workerDied());
    this.#options.onClosed(batches.slice(lost.length).flat());
  }

  #killFor(error: MmsError): void {
    this.#killedFor = error;
    this.#process.kill();
  }
}
