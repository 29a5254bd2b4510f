import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { type CustomMetric, parseMetricLine } from "../../metrics.ts";
import type { WorkerCommand } from "./launch.ts";
import { eachLine } from "./line_log.ts";

/** How a process is started. */
export interface ChildProcessOptions {
  readonly command: WorkerCommand;
  /** What its lines are logged under, `-stdout` and `-stderr` added. */
  readonly logName: string;
  /** Takes what the process writes of metrics among its output, as MMS's workers do. */
  readonly onMetric?: ((metric: CustomMetric) => void) | undefined;
}

/** How long output may keep coming after the end, from whoever inherited it. */
const LAST_WORDS_MS = 500;

/** How Deno begins to say what ended it; a stack follows. */
const FATAL = /^error: /;

const encoder = new TextEncoder();

/** A process in a session of its own, with its pipes. */
export class ChildProcess implements AsyncDisposable {
  /** Says how it ended, once it has: `it ended with code 1`, … */
  readonly ended: Promise<string>;
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #logs: readonly Promise<void>[];
  readonly #logging = new AbortController();
  #lastWords = "";
  #gone = false;

  private constructor(
    process: Deno.ChildProcess,
    { logName, onMetric }: ChildProcessOptions,
  ) {
    this.#process = process;
    this.#stdin = process.stdin.getWriter();
    this.#logs = [
      this.#log(process.stdout, { name: `${logName}-stdout`, onMetric }),
      this.#log(process.stderr, { name: `${logName}-stderr` }),
    ];
    this.ended = process.status.then((status) => this.#describeEnd(status));
  }

  /**
   * Starts a process.
   *
   * @param address where it is to connect to, its last argument
   * @throws {MmsError} `load_failed` if there is no such program
   */
  static spawn(options: ChildProcessOptions, address: string): ChildProcess {
    const { command, args, env, folder, remedy } = options.command;
    try {
      const process = new Deno.Command(command, {
        args: [...args, address],
        env,
        ...(folder === undefined ? {} : { cwd: folder }),
        clearEnv: true,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        // A session of its own: Ctrl-C is for the front, which then drains.
        detached: true,
      }).spawn();
      return new ChildProcess(process, options);
    } catch (cause) {
      const why = cause instanceof Deno.errors.NotFound && remedy !== undefined
        ? `there is no such program, ${remedy}`
        : messageOf(cause);
      throw new MmsError(
        "load_failed",
        `Cannot start a worker with "${command}": ${why}`,
        { cause },
      );
    }
  }

  /** The process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Writes to the standard input, which stays open as a sign of life. */
  async tell(text: string): Promise<void> {
    try {
      await this.#stdin.write(encoder.encode(text));
    } catch {
      // It has ended: `ended` says how.
    }
  }

  /** What it has said so far is no reason for its end. */
  forgetWords(): void {
    this.#lastWords = "";
  }

  /** Ends it, and what it started, at once. */
  kill(): void {
    if (this.#gone) return;
    try {
      // Its whole session, where there is such a thing.
      if (Deno.build.os === "windows") this.#process.kill("SIGKILL");
      else Deno.kill(-this.pid, "SIGKILL");
    } catch {
      // It has ended, which is about to be noticed.
    }
  }

  /** Ends it and waits until nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended;
    await this.#stdin.close().catch(() => {});
  }

  async #describeEnd(status: Deno.CommandStatus): Promise<string> {
    this.kill(); // What it left running belongs to it.
    this.#gone = true;
    const timer = setTimeout(() => this.#logging.abort(), LAST_WORDS_MS);
    await Promise.all(this.#logs);
    clearTimeout(timer);
    const how = status.signal === null
      ? `it ended with code ${status.code}`
      : `it was ended by ${status.signal}`;
    return this.#lastWords === "" ? how : `${how}: ${this.#lastWords}`;
  }

  async #log(
    stream: ReadableStream<Uint8Array>,
    { name, onMetric }: {
      readonly name: string;
      readonly onMetric?: ChildProcessOptions["onMetric"];
    },
  ): Promise<void> {
    const log = logger("worker", name);
    const isError = name.endsWith("-stderr");
    await eachLine(stream, this.#logging.signal, (line) => {
      const metric = onMetric && parseMetricLine(line);
      if (metric !== undefined) return onMetric?.(metric);
      if (!isError) return log.info("{line}", { line });
      log.warn("{line}", { line });
      this.#lastWords = lastWords(this.#lastWords, line);
    });
  }
}

/** Python says last what ended it, Deno first; stacks are indented. */
function lastWords(before: string, line: string): string {
  if (/^\s|^$/.test(line) || FATAL.test(before)) return before;
  return line;
}
