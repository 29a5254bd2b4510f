import type { IncomingMessage, ServerResponse } from "node:http";
import { logAccess, withRequestId } from "../log.ts";
import type { Answer } from "./answer.ts";
import { jsonAnswer } from "./answer.ts";
import { readBody, tooLarge } from "./body.ts";
import type { Face } from "./face.ts";
import { checkHead } from "./head_check.ts";
import { problemAnswer } from "./problem.ts";
import { sendAnswer } from "./send.ts";
import { parseTarget } from "./target.ts";

/** What the exchanges on one listener have in common. */
export interface ExchangeOptions {
  /** Who answers. */
  readonly face: Face;
  /** Bytes of the largest request body. */
  readonly maxRequestSize: number;
  /** Headers that every answer has unless it brings its own, names in lower case. */
  readonly extraHeaders: readonly (readonly [string, string])[];
  /** Whether the listener is about to close. */
  readonly isClosing: () => boolean;
}

/** Answers one request; never rejects. */
export async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: ExchangeOptions,
): Promise<void> {
  const id = crypto.randomUUID();
  const started = performance.now();
  const client = clientOf(incoming);
  const caller = new AbortController();
  outgoing.on("close", () => {
    if (!outgoing.writableEnded) caller.abort();
  });
  const pending = { ...options, id, signal: caller.signal };
  const answer = await obtainAnswer(incoming, outgoing, pending);
  const sending = (answer: Answer) => ({
    answer,
    requestId: id,
    extraHeaders: options.extraHeaders,
    keepAlive: mayKeepAlive(incoming, answer) && !options.isClosing(),
  });
  try {
    await sendAnswer(incoming, outgoing, sending(answer));
  } catch (error) {
    // A service may have set a header that HTTP cannot carry.
    const problem = problemAnswer(error, id);
    await sendAnswer(incoming, outgoing, sending(problem));
  }
  logAccess({
    client,
    method: incoming.method ?? "GET",
    uri: incoming.url ?? "",
    httpVersion: incoming.httpVersion,
    status: outgoing.statusCode,
    ms: performance.now() - started,
    requestId: id,
  });
}

/** An exchange that has no answer yet. */
interface PendingExchange extends ExchangeOptions {
  readonly id: string;
  readonly signal: AbortSignal;
}

async function obtainAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { id, signal, face, maxRequestSize }: PendingExchange,
): Promise<Answer> {
  try {
    checkHead(incoming);
    const head = {
      id,
      method: incoming.method ?? "GET",
      ...parseTarget(incoming.url ?? "/"),
      headers: incoming.rawHeaders,
    };
    face.admit(head);
    if (declaredLength(incoming) > maxRequestSize) {
      throw tooLarge(maxRequestSize);
    }
    if (expectsMore(incoming)) return expectationFailed();
    if (expectsContinue(incoming)) outgoing.writeContinue();
    const body = await readBody(incoming, maxRequestSize);
    return await withRequestId(
      id,
      () => face.answer({ ...head, body, signal }),
    );
  } catch (error) {
    return problemAnswer(error, id);
  }
}

// How an IPv4 caller appears on a listener that takes both kinds (RFC 4291).
const MAPPED = /^::ffff:(?=\d+\.)/i;

function clientOf({ socket }: IncomingMessage): string | undefined {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined) return undefined;
  const address = remoteAddress.replace(MAPPED, "");
  return `${address.includes(":") ? `[${address}]` : address}:${remotePort}`;
}

function declaredLength(incoming: IncomingMessage): number {
  return Number(incoming.headers["content-length"] ?? 0);
}

function expectsContinue(incoming: IncomingMessage): boolean {
  return incoming.headers.expect?.toLowerCase() === "100-continue";
}

/** Whether the caller expects what nobody has heard of (RFC 9110 §10.1.1). */
function expectsMore(incoming: IncomingMessage): boolean {
  return incoming.headers.expect !== undefined && !expectsContinue(incoming);
}

function expectationFailed(): Answer {
  return jsonAnswer(417, {
    code: 417,
    type: "BadRequestException",
    message: "Cannot meet the expectation: only 100-continue is known",
  });
}

// A body that was refused unread is skipped if that is not too much work:
// clients of the original go on using the connection.
const MAX_SKIPPED_BYTES = 64 << 20;

function mayKeepAlive(incoming: IncomingMessage, answer: Answer): boolean {
  if (answer.status < 400) return true;
  const declared = declaredLength(incoming);
  return answer.status === 413 && declared > 0 &&
    declared <= MAX_SKIPPED_BYTES && !expectsContinue(incoming);
}
