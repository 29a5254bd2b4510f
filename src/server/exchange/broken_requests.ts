import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { MmsError } from "../../errors.ts";
import { logAccess } from "../../log.ts";
import type { Metrics } from "../../metrics.ts";
import { problemAnswer } from "../problem.ts";

/** The event of a request whose rest cannot be read, with the `MmsError`. */
export const BROKEN = "broken";

/**
 * Answers what is not HTTP, or did not arrive in time. On a connection whose
 * earlier requests still wait for their answers it does so after them: an
 * answer out of order would be taken for theirs.
 */
export class BrokenRequests {
  readonly #connections = new WeakMap<Duplex, Connection>();
  readonly #metrics: Metrics;

  /** Counts its answers there. */
  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /**
   * Takes note of a request that is going to be answered, and returns what to
   * call when its connection is done with it.
   */
  expect(incoming: IncomingMessage): () => void {
    const { socket } = incoming;
    const connection = this.#connection(socket);
    connection.waiting++;
    connection.last = incoming;
    return () => {
      connection.waiting--;
      if (connection.waiting === 0 && connection.problem !== undefined) {
        this.#refuse(socket, connection.problem);
      }
    };
  }

  /** Answers a connection that the parser gave up. */
  answer(error: Error, socket: Duplex): void {
    const code = "code" in error ? error.code : undefined;
    if (code === "ECONNRESET" || code === "EPIPE" || !socket.writable) {
      socket.destroy();
      return;
    }
    const connection = this.#connection(socket);
    if (connection.isBroken) return;
    connection.isBroken = true;
    const problem = problemOf(code);
    if (connection.last?.complete === false) {
      connection.last.emit(BROKEN, problem);
    } else if (connection.waiting > 0) connection.problem = problem;
    else this.#refuse(socket, problem);
  }

  #connection(socket: Duplex): Connection {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    const connection = { waiting: 0 };
    this.#connections.set(socket, connection);
    return connection;
  }

  #refuse(socket: Duplex, problem: MmsError): void {
    this.#metrics.responded(refuse(socket, problem));
  }
}

/** What is going on on one connection. */
interface Connection {
  /** Requests without an answer. */
  waiting: number;
  last?: IncomingMessage;
  /** Whether the parser gave it up. */
  isBroken?: boolean;
  /** What to say once every request has its answer. */
  problem?: MmsError;
}

function problemOf(code: unknown): MmsError {
  return code === "ERR_HTTP_REQUEST_TIMEOUT"
    ? new MmsError(
      "request_timeout",
      "Cannot read the request: it did not arrive in time",
    )
    : new MmsError("bad_request", "Invalid HTTP message.");
}

// As long as a caller may take to read what it is told.
const LINGER_MS = 1000;

/** Answers, closes the connection, and returns the status. */
function refuse(socket: Duplex, error: MmsError): number {
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
  logAccess({ method: "GET", uri: "", status, ms: 0, requestId });
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.on("close", () => clearTimeout(timer));
  return status;
}
