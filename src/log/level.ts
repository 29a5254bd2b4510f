/** How severe an event is, the least severe first. */
export const LOG_LEVELS = [
  "trace",
  "debug",
  "info",
  "warning",
  "error",
  "fatal",
] as const;

/** How severe an event is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Returns whether events of `level` are let through by the threshold `least`. */
export function passes(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
