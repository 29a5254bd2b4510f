import { Buffer } from "node:buffer";
import { MmsError } from "../../errors.ts";
import { MAX_FIELDS } from "../management/pairs.ts";
import { bareMediaType } from "../exchange/request.ts";

/** One part of a form. */
export interface Part {
  readonly name: string;
  /**
   * The part's bare media type if it came with a file name, `""` otherwise:
   * plain fields lose theirs, as in the original.
   */
  readonly contentType: string;
  /** A view of the form's own bytes. */
  readonly data: Uint8Array;
}

const MAX_PART_HEADER_BYTES = 8192;
const CRLF = "\r\n";

// RFC 2046 §5.1.1: 1 to 70 characters, quoted or not.
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;

/** Returns the boundary that a content type names, if it names one. */
export function findBoundary(contentType: string): string | undefined {
  const match = BOUNDARY.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/**
 * Reads `multipart/form-data` (RFC 7578). A form in which the boundary does not
 * occur has no parts, as in the original.
 *
 * @throws {MmsError} `bad_request` if the form ends early, a part has no name,
 * or there are too many parts or headers
 */
export function parseMultipart(
  form: Uint8Array,
  boundary: string,
): readonly Part[] {
  const bytes = Buffer.from(form.buffer, form.byteOffset, form.length);
  const line = Buffer.from(`${CRLF}--${boundary}`);
  const parts: Part[] = [];
  let delimiter = findDelimiter(bytes, line, 0);
  if (delimiter === undefined) return parts;
  while (!delimiter.last) {
    const next = findDelimiter(bytes, line, delimiter.end);
    const number = parts.length + 1;
    if (next === undefined) {
      throw malformed(`it ends in part ${number}, before its last boundary`);
    }
    if (number > MAX_FIELDS) {
      throw malformed(`it has more than ${MAX_FIELDS} parts`);
    }
    parts.push(parsePart(bytes.subarray(delimiter.end, next.start), number));
    delimiter = next;
  }
  return parts;
}

/** The line between two parts, with the line end before it. */
interface Delimiter {
  readonly start: number;
  readonly end: number;
  /** Whether it ends the form. */
  readonly last: boolean;
}

function findDelimiter(
  bytes: Buffer,
  line: Buffer,
  from: number,
): Delimiter | undefined {
  // Before the first delimiter there need not be a line end.
  const first = line.subarray(CRLF.length);
  if (from === 0 && bytes.subarray(0, first.length).equals(first)) {
    const delimiter = readDelimiter(bytes, 0, first.length);
    if (delimiter !== undefined) return delimiter;
  }
  let at = bytes.indexOf(line, from);
  while (at >= 0) {
    const delimiter = readDelimiter(bytes, at, at + line.length);
    if (delimiter !== undefined) return delimiter;
    at = bytes.indexOf(line, at + 1);
  }
  return undefined;
}

// Two hyphens end the form; what follows otherwise may be padding (RFC 2046
// §5.1.1). Anything else is content that merely begins like a delimiter.
const LAST = /^--/;
const BETWEEN = /^[ \t]{0,100}\r\n/;
const LONGEST_END = 102;

function readDelimiter(
  bytes: Buffer,
  start: number,
  after: number,
): Delimiter | undefined {
  const rest = bytes.toString("latin1", after, after + LONGEST_END);
  if (LAST.test(rest)) return { start, end: after, last: true };
  const match = BETWEEN.exec(rest);
  return match === null
    ? undefined
    : { start, end: after + match[0].length, last: false };
}

function parsePart(part: Buffer, number: number): Part {
  // A part without headers begins with the empty line.
  const end = part.subarray(0, 2).equals(Buffer.from(CRLF))
    ? 0
    : part.indexOf(CRLF + CRLF);
  if (end < 0 || end > MAX_PART_HEADER_BYTES) {
    throw malformed(
      `part ${number} has no empty line within ${MAX_PART_HEADER_BYTES} bytes`,
    );
  }
  const headers = parseHeaders(part.subarray(0, end).toString("utf8"));
  const disposition = headers.get("content-disposition") ?? "";
  const name = parameter(disposition, "name");
  if (name === undefined) throw malformed(`part ${number} has no name`);
  const isFile = parameter(disposition, "filename") !== undefined ||
    /;\s*filename\*=/i.test(disposition);
  return {
    name,
    contentType: isFile
      ? bareMediaType(headers.get("content-type") || "application/octet-stream")
      : "",
    data: part.subarray(end === 0 ? 2 : end + 4),
  };
}

function parseHeaders(block: string): ReadonlyMap<string, string> {
  const lines = block.split(CRLF).filter((line) => line.includes(":"));
  return new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

/** Returns a parameter's value; a backslash in quotes escapes (RFC 2183). */
function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(
    `;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`,
    "i",
  ).exec(header);
  return match?.[1]?.replace(/\\(.)/g, "$1") ?? match?.[2];
}

function malformed(what: string): MmsError {
  return new MmsError("bad_request", `Cannot read the form: ${what}`);
}
