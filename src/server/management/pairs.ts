import { MmsError } from "../../errors.ts";

/** One name and value of a form or a query; the value as bytes. */
export interface Pair {
  readonly name: string;
  readonly value: Uint8Array;
}

/** Fields a form may have, and parameters a query. */
export const MAX_FIELDS = 1000;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/**
 * Reads `application/x-www-form-urlencoded`: the WHATWG URL standard's parser,
 * but strict about escapes.
 *
 * @throws {MmsError} `bad_request` if an escape is broken or there are too many fields
 */
export function parsePairs(bytes: Uint8Array): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let start = 0; start < bytes.length;) {
    const next = bytes.indexOf(AMPERSAND, start);
    const end = next < 0 ? bytes.length : next;
    if (end > start) pairs.push(parsePair(bytes.subarray(start, end)));
    if (pairs.length > MAX_FIELDS) {
      throw new MmsError(
        "bad_request",
        `Cannot read the form: it has more than ${MAX_FIELDS} fields`,
      );
    }
    start = end + 1;
  }
  return pairs;
}

/**
 * Reads the query of a target.
 *
 * @throws {MmsError} `bad_request` as {@linkcode parsePairs}
 */
export function parseQuery(queryText: string): readonly Pair[] {
  return queryText === ""
    ? []
    : parsePairs(new TextEncoder().encode(queryText));
}

function parsePair(bytes: Uint8Array): Pair {
  const equals = bytes.indexOf(EQUALS);
  const end = equals < 0 ? bytes.length : equals;
  return {
    name: new TextDecoder().decode(unescape(bytes.subarray(0, end))),
    value: unescape(bytes.subarray(end + 1)),
  };
}

function unescape(escaped: Uint8Array): Uint8Array {
  if (!escaped.includes(PERCENT) && !escaped.includes(PLUS)) return escaped;
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; i++) {
    const byte = escaped[i]!;
    if (byte === PERCENT) {
      bytes[length++] = hexByte(escaped, i + 1);
      i += 2;
    } else bytes[length++] = byte === PLUS ? SPACE : byte;
  }
  return bytes.subarray(0, length);
}

function hexByte(bytes: Uint8Array, at: number): number {
  const digits = String.fromCharCode(...bytes.subarray(at, at + 2));
  if (/^[0-9a-f]{2}$/i.test(digits)) return parseInt(digits, 16);
  throw new MmsError(
    "bad_request",
    "Cannot read the form: it has a percent sign that no two hexadecimal digits follow",
  );
}
