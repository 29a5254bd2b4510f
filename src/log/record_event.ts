import { messageOf } from "../errors.ts";
import type { LogEvent } from "./event.ts";
import type { LogRecord } from "./logtape.ts";
import type { Redactor } from "./redactor.ts";

/** Loggers under this one are named after a stream of a worker. */
const WORKER = "worker";

/** What an event is made with. */
export interface EventSource {
  readonly redactor: Redactor;
  /** Returns the id of the request that is being answered. */
  readonly requestId: () => string | undefined;
}

/**
 * Returns the event of a record. Its property `requestId` beats that of the
 * request being answered; lines of `mms.worker.<stream>` are that stream's.
 */
export function recordEvent(
  record: LogRecord,
  { redactor, requestId }: EventSource,
): LogEvent {
  const { category, level, properties, timestamp: time } = record;
  const event = {
    time,
    level,
    message: redactor.redact(messageText(record)),
  };
  if (isWorkerLine(record)) {
    const [program, worker, thread] = category;
    return { ...event, thread, logger: `${program}.${worker}` };
  }
  const own = properties.requestId;
  return {
    ...event,
    requestId: typeof own === "string" ? own : requestId(),
    logger: category.join("."),
    fields: redacted(properties, redactor),
  };
}

/** Returns whether a worker wrote the line of this record. */
export function isWorkerLine({ category }: LogRecord): boolean {
  return category.length === 3 && category[1] === WORKER;
}

function messageText({ message, rawMessage, properties }: LogRecord): string {
  // Without properties, braces are part of the text.
  if (typeof rawMessage === "string" && isEmpty(properties)) return rawMessage;
  // Texts are at even places, values at odd ones.
  return message
    .map((part, i) => i % 2 === 0 ? part : valueText(part))
    .join("");
}

function isEmpty(properties: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(properties).length === 0;
}

function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ?? messageOf(value);
  return typeof value === "object" && value !== null
    ? Deno.inspect(value)
    : String(value);
}

function redacted(
  properties: Readonly<Record<string, unknown>>,
  redactor: Redactor,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === "string" ? redactor.redact(value) : value,
    ]),
  );
}
