import { messageOf } from "../errors.ts";
import type { LineWriterOptions } from "./line_writer.ts";

/** Says something on the console and in the logs that work. */
export type Say = (message: string) => void;

/** Tells once that logs cannot be written, and once that they are again. */
export class LogTrouble {
  readonly #say: Say;
  readonly #failing = new Set<string>();
  #dropped = 0;

  /** Knows of no trouble. */
  constructor(say: Say) {
    this.#say = say;
  }

  /** What a writer of the log at `path` is to call. */
  of(path: string): Omit<LineWriterOptions, "delay"> {
    return {
      onTrouble: (error) => this.#fail(path, error),
      onRecovery: (dropped) => this.#recover(path, dropped),
    };
  }

  #fail(path: string, error: unknown): void {
    this.#failing.add(path);
    if (this.#failing.size > 1) return;
    this.#say(
      `Cannot write the log "${path}": ${
        messageOf(error)
      }, lines wait and are dropped if that lasts`,
    );
  }

  #recover(path: string, dropped: number): void {
    this.#failing.delete(path);
    this.#dropped += dropped;
    if (this.#failing.size > 0) return;
    this.#say(`Logs are written again, ${this.#dropped} lines were dropped`);
    this.#dropped = 0;
  }
}
