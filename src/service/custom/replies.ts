import { type ErrorCode, MmsError } from "../../errors.ts";
import type { CustomMetric } from "../../metrics.ts";
import { kindOf } from "./inside/kind_of.ts";
import type {
  CrossingAnswer,
  CrossingField,
  CrossingRequest,
  Thrown,
} from "./messages.ts";

type Plain = Readonly<Record<string, unknown>>;

/** What a service may say went wrong in the worker, having heard it from there. */
const CODES: ReadonlySet<string> = new Set<ErrorCode>([
  "bad_request",
  "invalid_model",
  "io_failed",
  "out_of_memory",
  "prediction_failed",
]);

/** Longer texts of a service are cut, in UTF-16 code units. */
const MAX_MESSAGE = 4096;
const MAX_STACK = 1 << 14;

/** @throws {MmsError} `prediction_failed` unless `value` is an object */
export function requirePlain(value: unknown, what: string): Plain {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Plain; // Every property of an object may be read.
  }
  return refuse(what, `an object, not ${kindOf(value)}`);
}

/** @throws {MmsError} `prediction_failed` unless `value` is an array */
export function requireList(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(what, "an array");
}

/** @throws {MmsError} `prediction_failed` unless `value` is text */
export function requireString(value: unknown, what: string): string {
  return typeof value === "string" ? value : refuse(what, "text");
}

/** @throws {MmsError} `prediction_failed` unless `value` is a number */
export function requireNumber(value: unknown, what: string): number {
  return typeof value === "number" ? value : refuse(what, "a number");
}

/** @throws {MmsError} `prediction_failed` unless `value` is an array of bytes */
export function requireBytes(value: unknown, what: string): Uint8Array {
  return value instanceof Uint8Array && isUnshared(value)
    ? value
    : refuse(what, "bytes, not shared ones");
}

/** What is shared can change after it was looked at: WebAssembly has such memory. */
export function isUnshared({ buffer }: ArrayBufferView): boolean {
  return buffer instanceof ArrayBuffer;
}

/** @throws {MmsError} `prediction_failed` unless `value` describes an error */
export function readThrown(value: unknown): Thrown {
  const thrown = requirePlain(value, "error");
  const { status, code, why } = thrown;
  return {
    message: requireString(thrown.message, "message").slice(0, MAX_MESSAGE),
    stack: requireString(thrown.stack, "stack").slice(0, MAX_STACK),
    ...status !== undefined && { status: requireNumber(status, "status") },
    ...typeof code === "string" && CODES.has(code) && { code },
    ...typeof why === "string" && { why: why.slice(0, MAX_MESSAGE) },
  };
}

/** @throws {MmsError} `prediction_failed` unless `value` is an answer */
export function readAnswer(
  value: unknown,
  packed: Uint8Array,
): CrossingAnswer {
  const answer = requirePlain(value, "answer");
  if (answer.error !== undefined) return { error: readThrown(answer.error) };
  const { status, reason, contentType, headers } = answer;
  return {
    body: readPacked(answer.body, packed),
    ...status !== undefined && { status: requireNumber(status, "status") },
    ...reason !== undefined && { reason: requireString(reason, "reason") },
    ...contentType !== undefined &&
      { contentType: requireString(contentType, "content type") },
    ...headers !== undefined && { headers: readHeaders(headers) },
  };
}

function readPacked(value: unknown, packed: Uint8Array): Uint8Array {
  if (!Array.isArray(value)) return requireBytes(value, "body");
  const [start, end] = value;
  const isWithin = Number.isInteger(start) && Number.isInteger(end) &&
    0 <= start && start <= end && end <= packed.length;
  return isWithin
    ? packed.subarray(start, end)
    : refuse("place of a body", "within the packed bytes");
}

function readHeaders(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(requirePlain(value, "headers"))
      .map(([name, text]) => [name, requireString(text, "header")]),
  );
}

/** @throws {MmsError} `prediction_failed` unless `value` is a request */
export function readRequest(value: unknown): CrossingRequest {
  const request = requirePlain(value, "request");
  return {
    id: requireString(request.id, "request id"),
    headers: readHeaders(request.headers),
    fields: requireList(request.fields, "fields").map(readField),
  };
}

function readField(value: unknown): CrossingField {
  const [name, contentType, data] = requireList(value, "field");
  return [
    requireString(name, "field name"),
    requireString(contentType, "content type"),
    requireBytes(data, "field"),
  ];
}

/** @throws {MmsError} `prediction_failed` unless each value is a metric */
export function readMetrics(value: unknown): readonly CustomMetric[] {
  if (value === undefined) return [];
  return requireList(value, "metrics").map((item) => {
    const { name, value, unit, dimensions } = requirePlain(item, "metric");
    return {
      name: requireString(name, "name of a metric"),
      value: requireNumber(value, "value of a metric"),
      unit: requireString(unit, "unit of a metric"),
      dimensions: requireList(dimensions, "dimensions").map(readDimension),
    };
  });
}

function readDimension(pair: unknown): readonly [string, string] {
  const [name, text] = requireList(pair, "dimension");
  return [
    requireString(name, "name of a dimension"),
    requireString(text, "value of a dimension"),
  ];
}

/** Says what is not right with what a service gave. */
export function refuse(what: string, right: string): never {
  throw new MmsError(
    "prediction_failed",
    `Cannot use what the service gave: the ${what} must be ${right}`,
  );
}
