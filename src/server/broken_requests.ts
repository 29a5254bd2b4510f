import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { MmsError } from "../errors.ts";
import { problemAnswer } from "./problem.ts";

/**
 * Answers what is not HTTP, or did not arrive in time. On a connection whose
 * earlier requests still wait for their answers it does so after them: an
 * answer out of order would be taken for theirs.
 */
export class BrokenRequests {
  readonly #pending = new WeakMap<Duplex, number>();
  readonly #broken = new WeakMap<Duplex, MmsError>();

  /** Takes note of a request that is going to be answered. */
  expect(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket } = incoming;
    this.#pending.set(socket, (this.#pending.get(socket) ?? 0) + 1);
    outgoing.on("close", () => {
      const left = (this.#pending.get(socket) ?? 1) - 1;
      this.#pending.set(socket, left);
      const error = this.#broken.get(socket);
      if (left === 0 && error !== undefined) refuse(socket, error);
    });
  }

  /** Answers a connection that the parser gave up. */
  answer(error: Error, socket: Duplex): void {
    const code = "code" in error ? error.code : undefined;
    if (code === "ECONNRESET" || code === "EPIPE" || !socket.writable) {
      socket.destroy();
      return;
    }
    if (this.#broken.has(socket)) return;
    const problem = code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? new MmsError(
        "request_timeout",
        "Cannot read the request: it did not arrive in time",
      )
      : new MmsError("bad_request", "Invalid HTTP message.");
    this.#broken.set(socket, problem);
    if ((this.#pending.get(socket) ?? 0) === 0) refuse(socket, problem);
  }
}

// As long as a caller may take to read what it is told.
const LINGER_MS = 1000;

function refuse(socket: Duplex, error: MmsError): void {
  const requestId = crypto.randomUUID();
  const { status, reason, contentType, body } = problemAnswer(error, requestId);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `content-type: ${contentType}`,
    `x-request-id: ${requestId}`,
    `content-length: ${body.length}`,
    "connection: close",
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  socket.end(body);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.on("close", () => clearTimeout(timer));
}
