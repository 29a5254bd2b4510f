import { join } from "node:path";
import { messageOf } from "../errors.ts";
import {
  consoleLines,
  type Lines,
  type LogConsole,
  standardErrorColor,
} from "./console.ts";
import type { Layout, LogEvent } from "./event.ts";
import type { LogFolders } from "./folders.ts";
import { JsonLayout } from "./json_layout.ts";
import { type LogLevel, passes } from "./level.ts";
import { LineWriter } from "./line_writer.ts";
import { LogTrouble } from "./log_trouble.ts";
import { RollingFile } from "./rolling_file.ts";
import { BriefLayout, TextLayout } from "./text_layout.ts";

/** What is written, where to and in which form. */
export interface LogStreamsOptions {
  readonly level: LogLevel;
  readonly format: "text" | "json" | "brief";
  readonly console: LogConsole | "stderr";
  readonly files: LogFolders | undefined;
}

/** Sorts of events, each with files of its own. */
export type LogKind =
  | "event"
  | "worker"
  | "access"
  | "mms_metrics"
  | "model_metrics";

/** MMS's files, each with the folder that it is in. */
const FILES = {
  access_log: "logs",
  model_log: "logs",
  mms_log: "logs",
  mms_metrics: "metrics",
  model_metrics: "metrics",
} as const satisfies Record<string, keyof LogFolders>;

type FileName = keyof typeof FILES;

interface LogFile {
  readonly file: RollingFile;
  readonly writer: LineWriter;
}

/** Lines for files wait so long for others, in ms. */
const FILE_DELAY = 100;

/** What cannot be written within that time when the program ends is lost, in ms. */
const FLUSH_LIMIT = 2000;

/**
 * The console and, in a server, the five files of MMS. The console shows all
 * that passes the level; lines of metrics only where there are files, which
 * somebody reads them from.
 */
export class LogStreams {
  readonly #level: LogLevel;
  readonly #console: Lines;
  readonly #consoleLayout: Layout;
  readonly #fileLayout: Layout;
  readonly #files: Readonly<Record<FileName, LogFile>> | undefined;

  /** Makes the streams; files are opened by the first {@linkcode flush}. */
  constructor({ level, format, console, files }: LogStreamsOptions) {
    this.#level = level;
    this.#console = consoleLines(console);
    const color = console === "stderr" ? standardErrorColor() : console.color;
    this.#fileLayout = format === "json"
      ? new JsonLayout()
      : new TextLayout({ color: false });
    this.#consoleLayout = format === "brief"
      ? new BriefLayout({ color })
      : format === "text" && color
      ? new TextLayout({ color })
      : this.#fileLayout;
    this.#files = files && this.#openFiles(files);
  }

  /** Whether there are files. */
  get hasFiles(): boolean {
    return this.#files !== undefined;
  }

  /** How many lines were lost. */
  get dropped(): number {
    return this.#all().reduce((sum, { dropped }) => sum + dropped, 0);
  }

  /** Returns whether an event of this level and kind is written anywhere. */
  takes(level: LogLevel, kind: LogKind): boolean {
    return passes(level, this.#level) || (this.hasFiles && isOfOneKind(kind));
  }

  /** Writes one event to all places that it belongs to. */
  write(event: LogEvent, kind: LogKind): void {
    const files = this.#files;
    const passed = passes(event.level, this.#level);
    if (files !== undefined && isOfOneKind(kind)) {
      const name = kind === "access" ? "access_log" : kind;
      files[name].writer.append(this.#fileLayout.bare(event));
    }
    if (!passed || (files === undefined && isMetrics(kind))) return;
    const line = this.#consoleLayout.full(event);
    this.#append(this.#console, line, event);
    if (files === undefined || isOfOneKind(kind)) return;
    const fileLine = this.#consoleLayout === this.#fileLayout
      ? line
      : this.#fileLayout.full(event);
    this.#append(files.mms_log.writer, fileLine, event);
    if (kind === "worker") files.model_log.writer.append(fileLine);
  }

  /** Opens files that are not open, and writes all that can be written. */
  async flush(): Promise<void> {
    await this.#withinLimit((lines) => lines.flush());
  }

  /** Opens the files by their names again, after somebody has moved them. */
  async reopen(): Promise<void> {
    for (const { file } of Object.values(this.#files ?? {})) file.reopen();
    await this.flush();
  }

  /** Writes all that can be written, and closes the files. */
  async close(): Promise<void> {
    await this.#withinLimit((lines) => lines.close());
  }

  #append(lines: Lines, line: string, { level }: LogEvent): void {
    lines.append(line);
    // The program may be about to end.
    if (passes(level, "warning")) lines.hurry();
  }

  #openFiles(folders: LogFolders): Readonly<Record<FileName, LogFile>> {
    const trouble = new LogTrouble((message) => this.#warn(message));
    const open = (name: FileName): LogFile => {
      const path = join(folders[FILES[name]], `${name}.log`);
      const file = new RollingFile(path, {
        onTrouble: (doing, error) =>
          this.#warn(`Cannot ${doing}: ${messageOf(error)}`),
      });
      const writer = new LineWriter(file, {
        delay: FILE_DELAY,
        ...trouble.of(path),
      });
      return { file, writer };
    };
    return {
      access_log: open("access_log"),
      model_log: open("model_log"),
      mms_log: open("mms_log"),
      mms_metrics: open("mms_metrics"),
      model_metrics: open("model_metrics"),
    };
  }

  #warn(message: string): void {
    const time = Date.now();
    const event = { time, logger: "mms.log", message } as const;
    this.write({ ...event, level: "warning" }, "event");
  }

  /** The files first: their trouble is told on the console. */
  #all(): readonly Lines[] {
    const files = Object.values(this.#files ?? {});
    return [...files.map(({ writer }) => writer), this.#console];
  }

  async #withinLimit(end: (lines: Lines) => Promise<void>): Promise<void> {
    let timer;
    const limit = new Promise<void>((done) => {
      timer = setTimeout(done, FLUSH_LIMIT);
    });
    const files = this.#all().slice(0, -1);
    const all = Promise.all(files.map(end)).then(() => end(this.#console));
    await Promise.race([all, limit]);
    clearTimeout(timer);
  }
}

/** Whether a file holds this kind and no other. */
function isOfOneKind(
  kind: LogKind,
): kind is "access" | "mms_metrics" | "model_metrics" {
  return kind === "access" || isMetrics(kind);
}

function isMetrics(kind: LogKind): kind is "mms_metrics" | "model_metrics" {
  return kind === "mms_metrics" || kind === "model_metrics";
}
