import type { IncomingMessage, ServerResponse } from "node:http";
import { logAccess } from "../../log.ts";
import type { Metrics } from "../../metrics.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { readBody, tooLarge } from "./body.ts";
import { Caller } from "./caller.ts";
import type { Face } from "./face.ts";
import { decodeBody, encodeAnswer } from "./content_coding.ts";
import { checkHead } from "./head_check.ts";
import { problemAnswer } from "../problem.ts";
import type { ServerRequest } from "./request.ts";
import { sendAnswer } from "./send.ts";
import { parseTarget } from "../inference/target.ts";

/** What the exchanges on one listener have in common. */
export interface ExchangeOptions {
  /** Who answers. */
  readonly face: Face;
  /** Bytes of the largest request body. */
  readonly maxRequestSize: number;
  /** Headers that every answer has unless it brings its own, names in lower case. */
  readonly extraHeaders: readonly (readonly [string, string])[];
  /** Counts the answers. */
  readonly metrics: Metrics;
  /** Whether the listener is about to close. */
  readonly isClosing: () => boolean;
}

/** Answers one request; never rejects. */
export async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { done, options }: {
    /** Called when the connection is done with it. */
    readonly done: () => void;
    readonly options: ExchangeOptions;
  },
): Promise<void> {
  const request = pendingRequest(incoming);
  // Afterwards the system may not know it any more.
  const client = clientOf(incoming);
  outgoing.on("close", () => {
    if (!outgoing.writableEnded) request.signal.leave();
    done();
  });
  const answer = await obtainAnswer(incoming, outgoing, { request, options });
  await send(incoming, outgoing, { answer, request, options });
  options.metrics.responded(outgoing.statusCode);
  logAccess({
    client,
    method: request.method,
    uri: incoming.url ?? "",
    httpVersion: incoming.httpVersion,
    status: outgoing.statusCode,
    ms: performance.now() - request.startedAt,
    requestId: request.id,
  });
}

const NOTHING = new Uint8Array();

/** A request that is read bit by bit: copies would cost more than the rest. */
interface PendingRequest extends ServerRequest {
  segments: readonly string[];
  queryText: string;
  body: Uint8Array;
  readonly signal: Caller;
}

function pendingRequest(incoming: IncomingMessage): PendingRequest {
  return {
    id: crypto.randomUUID(),
    startedAt: performance.now(),
    method: incoming.method ?? "GET",
    segments: [],
    queryText: "",
    headers: incoming.rawHeaders,
    body: NOTHING,
    signal: new Caller(),
  };
}

/** A request that has no answer yet, and what all have in common. */
interface Pending {
  readonly request: PendingRequest;
  readonly options: ExchangeOptions;
}

async function obtainAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { request, options: { face, maxRequestSize: limit } }: Pending,
): Promise<Answer> {
  try {
    const summary = checkHead(incoming);
    const { segments, queryText } = parseTarget(incoming.url ?? "/");
    request.segments = segments;
    request.queryText = queryText;
    face.admit(request);
    if (summary.contentLength > limit) throw tooLarge(limit);
    if (summary.expectation === CONTINUE) outgoing.writeContinue();
    else if (summary.expectation !== undefined) return expectationFailed();
    const coded = await readBody(incoming, limit);
    const { contentCoding, acceptedCoding } = summary;
    request.body = contentCoding === ""
      ? coded
      : await decodeBody(coded, contentCoding, limit);
    const answer = await face.answer(request);
    return acceptedCoding === ""
      ? answer
      : await encodeAnswer(answer, acceptedCoding);
  } catch (error) {
    return problemAnswer(error, request.id);
  }
}

async function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { answer, request: { id }, options }: Pending & { readonly answer: Answer },
): Promise<void> {
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
}

const CONTINUE = "100-continue";

/** Nobody has heard of other expectations (RFC 9110 §10.1.1). */
function expectationFailed(): Answer {
  return jsonAnswer(417, {
    code: 417,
    type: "BadRequestException",
    message: "Cannot meet the expectation: only 100-continue is known",
  });
}

// How an IPv4 caller appears on a listener that takes both kinds (RFC 4291).
const MAPPED = /^::ffff:(?=\d+\.)/i;

function clientOf({ socket }: IncomingMessage): string | undefined {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined) return undefined;
  const address = remoteAddress.replace(MAPPED, "");
  return `${address.includes(":") ? `[${address}]` : address}:${remotePort}`;
}

// A body that was refused unread is skipped if that is not too much work:
// clients of the original go on using the connection.
const MAX_SKIPPED_BYTES = 64 << 20;

function mayKeepAlive(incoming: IncomingMessage, answer: Answer): boolean {
  // Who is told to come back may come back the same way: a new connection
  // would cost more than the refusal, at a time when there is nothing to spare.
  if (answer.status < 400 || "Retry-After" in answer.headers) return true;
  if (answer.status !== 413) return false;
  const { "content-length": length = 0, expect } = incoming.headers;
  const declared = Number(length);
  return declared > 0 && declared <= MAX_SKIPPED_BYTES && expect === undefined;
}
