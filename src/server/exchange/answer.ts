import { Buffer } from "node:buffer";

/** What goes back to a caller; every `Prediction` is one. */
export interface Answer {
  readonly status: number;
  /** The reason phrase, may be empty. */
  readonly reason: string;
  /** Headers besides `content-type` and those that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  /** `""` for none. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The statuses that the server itself answers with, and their phrases. */
const REASONS = {
  200: "OK",
  202: "Accepted",
  204: "No Content",
  210: "Partial Success",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Request Entity Too Large",
  417: "Expectation Failed",
  499: "Client Closed Request",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  507: "Insufficient Storage",
} as const;

/** A status that the server itself answers with. */
export type Status = keyof typeof REASONS;

/** Returns the phrase of a status. */
export function reasonOf(status: Status): string {
  return REASONS[status];
}

/** Returns an answer without a body. */
export function emptyAnswer(status: Status): Answer {
  return {
    status,
    reason: REASONS[status],
    headers: {},
    contentType: "",
    body: new Uint8Array(),
  };
}

/** Returns an answer that says `value` as JSON. */
export function jsonAnswer(
  status: Status,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    reason: REASONS[status],
    headers,
    contentType: "application/json",
    body: Buffer.from(prettyJson(value)),
  };
}

/** Returns an answer that acknowledges with a line of text. */
export function statusAnswer(status: Status, text: string): Answer {
  return jsonAnswer(status, { status: text });
}

// Gson escapes what could end a script or an attribute in HTML, and the two
// line separators that JSON has and JavaScript had not.
const HTML_UNSAFE = /[<>&='\u2028\u2029]/g;

/** Writes JSON as the original does: two spaces deep, safe in HTML, a line feed last. */
export function prettyJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2).replace(
    HTML_UNSAFE,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${json}\n`;
}
