import { styleText } from "node:util";
import type { Layout, LogEvent } from "./event.ts";
import type { LogLevel } from "./level.ts";
import { printable } from "./printable.ts";
import { localStamps } from "./stamps.ts";

/** Whether lines are for a terminal that shows colours. */
export interface Coloring {
  readonly color: boolean;
}

/** How MMS names the levels: five characters each. */
const LEVELS: Readonly<Record<LogLevel, string>> = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO ",
  warning: "WARN ",
  error: "ERROR",
  fatal: "FATAL",
};

/** Whose line it is where no request and no worker is concerned, as in MMS. */
const MAIN_THREAD = "main";

/**
 * Lines as MMS writes them (mms-behaviour §6.6):
 * `2018-10-14T16:59:59,926 [INFO ] main mms.server - Model server started.`,
 * and for files of one kind of line `2018-10-14T16:59:59,926 - …`. A request's
 * id stands where MMS has the name of the thread.
 */
export class TextLayout implements Layout {
  readonly #stamps = localStamps();
  readonly #levels: Readonly<Record<LogLevel, string>>;
  #message = "";
  #text = "";

  /** Makes the layout, with the level in colour or not. */
  constructor({ color }: Coloring) {
    this.#levels = color ? coloredLevels() : LEVELS;
  }

  full(event: LogEvent): string {
    const { time, level, thread, requestId, logger, message } = event;
    return `${this.#stamps.at(time)} [${this.#levels[level]}] ${
      thread ?? requestId ?? MAIN_THREAD
    } ${logger} - ${this.#printable(message)}`;
  }

  bare({ time, message }: LogEvent): string {
    return `${this.#stamps.at(time)} - ${this.#printable(message)}`;
  }

  /** Files and console write the same message one after the other. */
  #printable(message: string): string {
    if (message !== this.#message) this.#text = printable(message);
    this.#message = message;
    return this.#text;
  }
}

/** Lines for people who run a command: `Warning: …`, and no times. */
export class BriefLayout implements Layout {
  readonly #color: boolean;

  /** Makes the layout, with what matters in colour or not. */
  constructor({ color }: Coloring) {
    this.#color = color;
  }

  full({ level, message }: LogEvent): string {
    const text = printable(message);
    if (level === "info") return text;
    const name = level.slice(0, 1).toUpperCase() + level.slice(1);
    return `${this.#color ? colored(level, name) : name}: ${text}`;
  }

  bare(event: LogEvent): string {
    return this.full(event);
  }
}

function coloredLevels(): Readonly<Record<LogLevel, string>> {
  const { trace, debug, info, warning, error, fatal } = LEVELS;
  return {
    trace: colored("trace", trace),
    debug: colored("debug", debug),
    info,
    warning: colored("warning", warning),
    error: colored("error", error),
    fatal: colored("fatal", fatal),
  };
}

function colored(level: LogLevel, text: string): string {
  const style = level === "warning"
    ? "yellow"
    : level === "error" || level === "fatal"
    ? "red"
    : "gray";
  // Whoever asked for colours has looked at the stream and at NO_COLOR.
  return styleText(style, text, { validateStream: false });
}
