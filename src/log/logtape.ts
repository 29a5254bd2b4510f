import {
  configure,
  getLogger,
  type LoggerConfig,
  type LogRecord,
} from "@logtape/logtape";
import type { LogLevel } from "./level.ts";
import type { Logger } from "./logger.ts";

export type { LogRecord };

/** Takes one record of a logger. */
export type RecordSink = (record: LogRecord) => void;

/** All loggers of the program are under this one. */
const PROGRAM = "mms";

/** The library's own logger, which has nothing to say to users. */
const META: LoggerConfig<never, never> = {
  category: ["logtape", "meta"],
  sinks: [],
};

/** Returns the logger of one part of the program. */
export function programLogger(category: readonly string[]): Logger {
  return getLogger([PROGRAM, ...category]);
}

/** Hands every record of the level and above to the sink. */
export async function connectLoggers(
  level: LogLevel,
  sink: RecordSink,
): Promise<void> {
  const program = { category: [PROGRAM], lowestLevel: level };
  await configure<"sink", never>({
    reset: true,
    sinks: { sink },
    loggers: [{ ...program, sinks: ["sink"] }, META],
  });
}

/** Hands records to nobody. */
export async function disconnectLoggers(): Promise<void> {
  await configure({ reset: true, sinks: {}, loggers: [META] });
}
