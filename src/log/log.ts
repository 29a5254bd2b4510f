import { type Access, accessEvent } from "./access.ts";
import type { LogConsole } from "./console.ts";
import type { LogFolders } from "./folders.ts";
import type { LogLevel } from "./level.ts";
import type { LogStreams } from "./log_streams.ts";
import type { Logger } from "./logger.ts";
import { connectLoggers, disconnectLoggers, programLogger } from "./logtape.ts";
import { isWorkerLine, recordEvent } from "./record_event.ts";
import { Redactor } from "./redactor.ts";

/** How much is logged, where to, and in which form. */
export interface LogOptions {
  /** The least severe level that is written; `info` by default. */
  readonly level?: LogLevel;
  /**
   * `text`, the default: lines as MMS has them; `json`: one object a line;
   * `brief`: what people want to read who run a command.
   */
  readonly format?: "text" | "json" | "brief";
  /**
   * Where people look. `stderr` is written in the background and never holds
   * up the program; anything else line by line, in step with other output.
   */
  readonly console: LogConsole | "stderr";
  /** The folders of MMS's five files, for a server; see {@linkcode logFolders}. */
  readonly files?: LogFolders | undefined;
}

/** Takes one line of metrics. */
export type MetricsLog = (line: string) => void;

/** What is there while the log is configured. */
interface Log {
  readonly streams: LogStreams;
  readonly requestIds: typeof import("./request_id.ts").requestIds;
}

const redactor = new Redactor();
let current: Log | undefined;

/** Returns the logger of one part of the program, such as `workload`. */
export function logger(...category: readonly string[]): Logger {
  return programLogger(category);
}

/**
 * Says where all events go from now on. Never fails: a file that cannot be
 * written costs one warning on the console, its lines wait in memory as far as
 * there is room (2 MiB) and are counted beyond.
 */
export async function configureLog(options: LogOptions): Promise<void> {
  await closeLogs();
  const { LogStreams } = await import("./log_streams.ts");
  const { requestIds } = await import("./request_id.ts");
  const { level = "info", format = "text", console, files } = options;
  const streams = new LogStreams({ level, format, console, files });
  current = { streams, requestIds };
  const source = { redactor, requestId: () => requestIds.getStore() };
  await connectLoggers(level, (record) => {
    const kind = isWorkerLine(record) ? "worker" : "event";
    streams.write(recordEvent(record, source), kind);
  });
  await streams.flush();
}

/** Returns whether events are written anywhere. */
export function isLogging(): boolean {
  return current !== undefined;
}

/** Writes all that waits, as far as that is possible within two seconds. */
export async function flushLogs(): Promise<void> {
  await current?.streams.flush();
}

/** Opens the files by their names again, after somebody has moved them. */
export async function reopenLogs(): Promise<void> {
  await current?.streams.reopen();
}

/** Flushes and closes the files; events are written nowhere from then on. */
export async function closeLogs(): Promise<void> {
  if (current === undefined) return;
  const { streams } = current;
  current = undefined;
  await disconnectLoggers();
  await streams.close();
}

/** Returns how many lines were lost because they could not be written. */
export function droppedLogLines(): number {
  return current?.streams.dropped ?? 0;
}

/** Writes one line of `access_log.log` and of the console. */
export function logAccess(access: Access): void {
  const streams = current?.streams;
  if (streams === undefined || !streams.takes("info", "access")) return;
  streams.write(accessEvent(access, redactor), "access");
}

/**
 * Returns what takes the lines of `mms_metrics.log` or `model_metrics.log`, or
 * `undefined` where there are no files: nobody needs to make lines then.
 */
export function metricsLog(
  file: "mms_metrics" | "model_metrics",
): MetricsLog | undefined {
  if (current?.streams.hasFiles !== true) return undefined;
  const logger = file.toUpperCase();
  let last = "";
  let message = "";
  return (line) => {
    // Many are the same for a second.
    if (line !== last) message = redactor.redact(line);
    last = line;
    const event = { time: Date.now(), level: "info", logger, message } as const;
    current?.streams.write(event, file);
  };
}

/** Runs a function; what is logged meanwhile belongs to the request of that id. */
export function withRequestId<T>(id: string, run: () => T): T {
  return current === undefined ? run() : current.requestIds.run(id, run);
}

/** Lets no line show these values; ones of less than six characters are not searched for. */
export function hideSecrets(values: Iterable<string>): void {
  redactor.hide(values);
}

/**
 * Returns the text as every line is written: `***` in the place of values given
 * to {@linkcode hideSecrets}, of user names and passwords in urls, of
 * signatures, tokens and keys among their parameters, and of credentials.
 */
export function redact(text: string): string {
  return redactor.redact(text);
}
