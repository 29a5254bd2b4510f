import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { discardBody } from "./body.ts";

/** How an answer is sent. */
export interface SendOptions {
  readonly requestId: string;
  /** Headers that every answer has unless it brings its own. */
  readonly extraHeaders: readonly (readonly [string, string])[];
  /** Whether the connection may serve another request. */
  readonly keepAlive: boolean;
}

/**
 * Sends an answer, and sees to it that the request is read or its connection
 * closed: what is left unread would hold up the connection for ever.
 *
 * @throws {TypeError} if a header cannot be written; nothing has been sent then
 */
export async function sendAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { answer, ...options }: SendOptions & { readonly answer: Answer },
): Promise<void> {
  const headers = headersOf(answer, options);
  outgoing.writeHead(answer.status, answer.reason, headers);
  if (incoming.complete || options.keepAlive) {
    sendBody(outgoing, answer.body);
    if (!incoming.readableEnded) incoming.resume();
    if (answer.body.length > UNBUFFERED_BYTES) limitSending(outgoing);
    return;
  }
  outgoing.write(answer.body);
  await discardBody(incoming);
  outgoing.end();
}

// Copying more costs more than a second write.
const JOINED_BYTES = 1 << 14;

/** Node writes head and body at once if the body is text of one byte a character. */
function sendBody(outgoing: ServerResponse, body: Uint8Array): void {
  if (body.length > JOINED_BYTES) {
    outgoing.end(body);
    return;
  }
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  outgoing.end(bytes.toString("latin1"), "latin1");
}

// Names that only the server writes.
const RESERVED = new Set([
  "x-request-id",
  "pragma",
  "cache-control",
  "expires",
  "content-length",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "trailer",
  "upgrade",
  "date",
]);

function headersOf(answer: Answer, options: SendOptions): string[] {
  const headers: string[] = [];
  if (answer.contentType !== "") {
    headers.push("content-type", answer.contentType);
  }
  for (const name in answer.headers) {
    if (RESERVED.has(name.toLowerCase())) continue;
    headers.push(name, answer.headers[name]!);
  }
  const own = headers.length;
  headers.push("x-request-id", options.requestId);
  for (const [name, value] of options.extraHeaders) {
    if (!isAmong(headers, own, name)) headers.push(name, value);
  }
  headers.push(...ALWAYS);
  if (!BODILESS.includes(answer.status)) {
    headers.push("content-length", String(answer.body.length));
  }
  if (!options.keepAlive) headers.push("connection", "close");
  return headers;
}

/** Whether one of the first headers, names and values in turn, has that name. */
function isAmong(
  headers: readonly string[],
  end: number,
  lowerCase: string,
): boolean {
  for (let i = 0; i < end; i += 2) {
    if (headers[i]!.toLowerCase() === lowerCase) return true;
  }
  return false;
}

/** What every answer of the original has. */
const ALWAYS: readonly string[] = [
  ...["Pragma", "no-cache"],
  ...["Cache-Control", "no-cache; no-store, must-revalidate, private"],
  ...["Expires", "Thu, 01 Jan 1970 00:00:00 UTC"],
];

/** Statuses whose answers have neither body nor length (RFC 9110 §8.6). */
const BODILESS = [204, 304];

// Smaller answers fit into the socket's buffer, whoever reads them or not.
const UNBUFFERED_BYTES = 1 << 16;
const MAX_SENDING_MS = 120_000;

function limitSending(outgoing: ServerResponse): void {
  const timer = setTimeout(
    () => outgoing.socket?.destroy(),
    MAX_SENDING_MS,
  );
  outgoing.on("close", () => clearTimeout(timer));
}
