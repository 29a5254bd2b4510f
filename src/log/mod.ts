/**
 * Events of the program, as named loggers, and the requests that it answers.
 * Nothing is written until {@linkcode configureLog} says where to.
 *
 * Loggers under `worker` are the streams of workers: `logger("worker",
 * "W-squeezenet-1-stdout")` takes what that worker wrote, line by line. An
 * event belongs to the request that is being answered
 * ({@linkcode withRequestId}), or to that of its property `requestId`.
 *
 * @module
 */

export type { Access } from "./access.ts";
export type { LogConsole } from "./console.ts";
export {
  type LogFolderChoice,
  type LogFolders,
  logFolders,
} from "./folders.ts";
export { LOG_LEVELS, type LogLevel } from "./level.ts";
export {
  closeLogs,
  configureLog,
  droppedLogLines,
  flushLogs,
  hideSecrets,
  isLogging,
  logAccess,
  logger,
  type LogOptions,
  type MetricsLog,
  metricsLog,
  redact,
  reopenLogs,
  withRequestId,
} from "./log.ts";
export type { Logger, LogProperties } from "./logger.ts";
export { oneLine, visible } from "./printable.ts";
