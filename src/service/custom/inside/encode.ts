import { kindOf } from "./kind_of.ts";
import { NoAnswer } from "./no_answer.ts";

/** A body that crosses as it is, and the MIME type that its kind has. */
export interface Encoded {
  /** Its bytes. */
  readonly body: Uint8Array;
  /** `""` for bytes, of which nothing is known. */
  readonly contentType: string;
}

/** MMS's text for what is no answer. */
const UNSUPPORTED = "Unsupported model output data type.";

/**
 * Encodes what a service answers with: bytes and texts as they are, anything
 * else as JSON, in which arrays of numbers are lists.
 *
 * @throws {NoAnswer} if JSON has nothing for it
 */
export function encode(value: unknown): Encoded {
  if (typeof value === "string") {
    return { body: new TextEncoder().encode(value), contentType: "text/plain" };
  }
  if (value instanceof ArrayBuffer) {
    return { body: new Uint8Array(value), contentType: "" };
  }
  if (ArrayBuffer.isView(value) && isBytes(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return {
      body: new Uint8Array(buffer, byteOffset, byteLength),
      contentType: "",
    };
  }
  const body = new TextEncoder().encode(jsonOf(value));
  return { body, contentType: "application/json" };
}

function isBytes(view: ArrayBufferView): boolean {
  return view instanceof Uint8Array || view instanceof Uint8ClampedArray ||
    view instanceof DataView;
}

function jsonOf(value: unknown): string {
  try {
    const json = JSON.stringify(value, inJson);
    if (json !== undefined) return json;
  } catch (error) {
    // It is said of what has no JSON, such as a circle; not of a toJSON of its own.
    if (!(error instanceof TypeError)) throw error;
    const why = `an answer cannot be written as JSON: ${error.message}`;
    throw new NoAnswer(UNSUPPORTED, why);
  }
  throw lacking("", value);
}

/** What JSON would take for an object without properties is no answer. */
function inJson(key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as Iterable<number | bigint>, Number); // Typed arrays are all else.
  }
  const isLost = value instanceof Promise || value instanceof Map ||
    value instanceof Set;
  if (isLost) throw lacking(key, value);
  return value;
}

function lacking(key: string, value: unknown): NoAnswer {
  const kind = kindOf(value);
  const what = key === ""
    ? `an answer is ${kind}`
    : `an answer has ${kind} in "${key}"`;
  const right = value instanceof Promise
    ? "await it"
    : "which JSON does not have";
  return new NoAnswer(UNSUPPORTED, `${what}, ${right}`);
}
