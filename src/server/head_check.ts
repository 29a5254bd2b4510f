import type { IncomingMessage } from "node:http";
import { MmsError } from "../errors.ts";
import type { RawHeaders } from "./request.ts";

// The original's limits, and one on the number of headers.
const MAX_LINE_BYTES = 4096;
const MAX_HEADER_BYTES = 8192;
const MAX_HEADERS = 128;
/** ` HTTP/1.1` and the space before the target. */
const LINE_OVERHEAD = 10;
/** `: ` and the line end. */
const HEADER_OVERHEAD = 4;

/**
 * Checks what node's parser leaves to its user.
 *
 * @throws {MmsError} `bad_request` if the head is too large or ambiguous
 */
export function checkHead(incoming: IncomingMessage): void {
  const { method = "", url = "", rawHeaders } = incoming;
  const fits = method.length + url.length + LINE_OVERHEAD <= MAX_LINE_BYTES &&
    rawHeaders.length / 2 <= MAX_HEADERS &&
    headerBytes(rawHeaders) <= MAX_HEADER_BYTES;
  // Two hosts may be one for a proxy and another for us (RFC 9112 §3.2).
  if (!fits || count(rawHeaders, "host") > 1) {
    throw new MmsError("bad_request", "Invalid HTTP message.");
  }
  const coding = incoming.headers["transfer-encoding"];
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    throw new MmsError(
      "bad_request",
      `Cannot read the request: its transfer coding is "${coding}", chunked would be right`,
    );
  }
}

function headerBytes(headers: RawHeaders): number {
  let size = 0;
  for (const text of headers) size += text.length + HEADER_OVERHEAD / 2;
  return size;
}

function count(headers: RawHeaders, lowerCaseName: string): number {
  let found = 0;
  for (let i = 0; i < headers.length; i += 2) {
    if (
      headers[i]!.length === lowerCaseName.length &&
      headers[i]!.toLowerCase() === lowerCaseName
    ) found++;
  }
  return found;
}
