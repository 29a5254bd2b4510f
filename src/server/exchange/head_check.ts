import type { IncomingMessage } from "node:http";
import { MmsError } from "../../errors.ts";

/** What the server itself wants to know of a request's headers. */
export interface HeadSummary {
  /** Bytes of the body as declared; 0 where nothing is. */
  readonly contentLength: number;
  /** What is expected of the server before it gets the body, in lower case. */
  readonly expectation: string | undefined;
  /** How the body is coded, `""` for not at all. */
  readonly contentCoding: string;
  /** How the body of the answer may be coded, `""` where nothing is said. */
  readonly acceptedCoding: string;
}

// The original's limits, and one on the number of headers.
const MAX_LINE_BYTES = 4096;
const MAX_HEADER_BYTES = 8192;
const MAX_HEADERS = 128;
/** ` HTTP/1.1` and the space before the target. */
const LINE_OVERHEAD = 10;
/** `: ` and the line end. */
const HEADER_OVERHEAD = 4;

/**
 * Checks what node's parser leaves to its user, in one pass over the headers:
 * node's own collection of them costs more than all the rest of this.
 *
 * @throws {MmsError} `bad_request` if the head is too large or ambiguous
 */
export function checkHead(incoming: IncomingMessage): HeadSummary {
  const { method = "", url = "", rawHeaders } = incoming;
  let size = 0;
  let hosts = 0;
  let contentLength = 0;
  let expectation: string | undefined;
  let contentCoding = "";
  let acceptedCoding = "";
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const value = rawHeaders[i + 1]!;
    size += rawHeaders[i]!.length + value.length + HEADER_OVERHEAD;
    switch (rawHeaders[i]!.toLowerCase()) {
      case "host":
        hosts++;
        break;
      case "content-length":
        contentLength = Number(value);
        break;
      case "expect":
        expectation = value.toLowerCase();
        break;
      case "content-encoding":
        contentCoding = value;
        break;
      case "accept-encoding":
        acceptedCoding = value;
        break;
      case "transfer-encoding":
        requireChunked(value);
    }
  }
  const fits = method.length + url.length + LINE_OVERHEAD <= MAX_LINE_BYTES &&
    size <= MAX_HEADER_BYTES && rawHeaders.length <= 2 * MAX_HEADERS;
  // Two hosts may be one for a proxy and another for us (RFC 9112 §3.2).
  if (fits && hosts <= 1) {
    return { contentLength, expectation, contentCoding, acceptedCoding };
  }
  throw new MmsError("bad_request", "Invalid HTTP message.");
}

function requireChunked(coding: string): void {
  if (coding.trim().toLowerCase() === "chunked") return;
  throw new MmsError(
    "bad_request",
    `Cannot read the request: its transfer coding is "${coding}", chunked would be right`,
  );
}
