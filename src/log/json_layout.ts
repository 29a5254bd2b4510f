import type { Layout, LogEvent } from "./event.ts";
import { utcStamps } from "./stamps.ts";

/**
 * One JSON object a line: `time` (RFC 3339, UTC), `level`, `logger`, `thread`
 * and `requestId` where there are such, `message`, and the fields of the event.
 */
export class JsonLayout implements Layout {
  readonly #stamps = utcStamps();

  full(event: LogEvent): string {
    const { time, level, thread, requestId, logger, message, fields } = event;
    let line = `{"time":"${
      this.#stamps.at(time)
    }","level":"${level}","logger":${JSON.stringify(logger)}`;
    if (thread !== undefined) line += `,"thread":${JSON.stringify(thread)}`;
    if (requestId !== undefined) {
      line += `,"requestId":${JSON.stringify(requestId)}`;
    }
    line += `,"message":${JSON.stringify(message)}`;
    return `${line}${fields === undefined ? "" : members(fields)}}`;
  }

  bare(event: LogEvent): string {
    return this.full(event);
  }
}

/** The names above, which fields cannot take. */
const TAKEN: ReadonlySet<string> = new Set([
  "time",
  "level",
  "logger",
  "thread",
  "requestId",
  "message",
]);

function members(fields: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const name in fields) {
    if (TAKEN.has(name)) continue;
    const value = json(fields[name]);
    if (value !== undefined) text += `,${JSON.stringify(name)}:${value}`;
  }
  return text;
}

/** Returns the value as JSON, or as a string where JSON cannot tell it. */
function json(value: unknown): string | undefined {
  if (value instanceof Error) return JSON.stringify(value.stack ?? `${value}`);
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(String(value)); // a bigint, or a circle
  }
}
