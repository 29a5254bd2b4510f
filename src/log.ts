/**
 * Events of the program, as named loggers. Nothing is written until
 * {@linkcode configureLog} says where to.
 *
 * @module
 */

import {
  configure,
  getLogger,
  getStreamSink,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";

export type { Logger, LogLevel, LogRecord };

/** Returns the logger of one part of the program, such as `workload`. */
export function logger(...category: readonly string[]): Logger {
  return getLogger(["mms", ...category]);
}

/** How much is logged, where to, and in which form. */
export interface LogOptions {
  /** The least severe level that is written. */
  readonly level: LogLevel;
  /** Where the lines go. */
  readonly output: WritableStream<Uint8Array>;
  /** Turns one event into one line without its line feed. */
  readonly format: (record: LogRecord) => string;
}

/** Sends every event of the given level and above to one stream. */
export async function configureLog(options: LogOptions): Promise<void> {
  await configure({
    reset: true,
    sinks: {
      output: getStreamSink(options.output, {
        formatter: (record) => options.format(record) + "\n",
      }),
    },
    loggers: [
      { category: ["mms"], lowestLevel: options.level, sinks: ["output"] },
      { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] },
    ],
  });
}
