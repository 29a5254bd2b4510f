import { MmsError } from "../../errors.ts";
import { ChildProcess, type ChildProcessOptions } from "./child_process.ts";
import { closeConnection } from "./close_connection.ts";
import type { Frame } from "../protocol/frame.ts";
import { FrameWriter } from "../protocol/frame_writer.ts";
import { type Met, Rendezvous } from "./rendezvous.ts";

/** How a worker process is started. */
export interface WorkerProcessOptions extends ChildProcessOptions {
  /** The longest body of a message from it. */
  readonly maxReplyBytes: number;
}

/** One process of a worker, from the moment it has connected to its end. */
export class WorkerProcess implements AsyncDisposable {
  /** When it was started. */
  readonly startedAt: Date = new Date();
  /** Frames to the process. */
  readonly writer: FrameWriter;
  readonly #child: ChildProcess;
  readonly #met: Met;

  private constructor(child: ChildProcess, met: Met) {
    this.#child = child;
    this.#met = met;
    this.writer = new FrameWriter(met.connection);
  }

  /**
   * Starts a process and waits until it has connected; `signal` kills it.
   *
   * @throws {MmsError} `load_failed` if it ends before it has connected
   */
  static async start(
    options: WorkerProcessOptions,
    signal: AbortSignal,
  ): Promise<WorkerProcess> {
    await using place = await Rendezvous.open();
    const child = ChildProcess.spawn(options, place.address);
    const kill = () => child.kill();
    signal.addEventListener("abort", kill);
    try {
      if (signal.aborted) child.kill();
      const met = place.meet(options.maxReplyBytes);
      // Without a meeting, the place closes and nobody listens any more.
      met.catch(() => {});
      const first = await Promise.race([
        child.tell(`${place.secret}\n`).then(() => met),
        child.ended,
      ]);
      if (typeof first !== "string") return new WorkerProcess(child, first);
      throw new MmsError("load_failed", `Cannot start a worker: ${first}`);
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    } finally {
      signal.removeEventListener("abort", kill);
    }
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Says how the process ended, once it has: `it ended with code 1`, … */
  get ended(): Promise<string> {
    return this.#child.ended;
  }

  /**
   * Waits for messages, as `FrameReader.receive` does; `undefined` when the
   * process has hung up.
   *
   * @throws {MmsError} `worker_died` if it breaks the rules of frames
   */
  async receive(): Promise<readonly Frame[] | undefined> {
    try {
      return await this.#met.reader.receive();
    } catch (error) {
      if (error instanceof MmsError) throw error;
      // Killed with something unread, a process resets its connection.
      return undefined;
    }
  }

  /** Waits for its end, which comes at the latest after `ms`; says how. */
  async endWithin(ms: number): Promise<string> {
    const timer = setTimeout(() => this.kill(), ms);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** What it has said so far is no reason for its end. */
  forgetWords(): void {
    this.#child.forgetWords();
  }

  /** Ends the process, and what it started, at once. */
  kill(): void {
    this.#child.kill();
  }

  /** Ends the process if it has not ended, and lets go of all that it held. */
  async [Symbol.asyncDispose](): Promise<void> {
    closeConnection(this.#met.connection);
    await this.#child[Symbol.asyncDispose]();
  }
}
