/**
 * A real HTTP server with one file, and the faults that files on the internet
 * have.
 *
 * @module
 */

import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** One request that the server has seen. */
export interface Seen {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A server on a free port of this machine. */
export interface FileServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, in order. */
  readonly seen: readonly Seen[];
}

/** Answers one request. */
export type Answerer = (
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** Starts a server that answers as `answer` does. */
export async function fileServer(answer: Answerer): Promise<FileServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Serves bytes with an ETag, ranges and conditions, as object stores do. */
export function wholeFile(bytes: Uint8Array, etag = '"one"'): Answerer {
  return (request, response) => {
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304).end();
      return;
    }
    const from = rangeStart(request);
    const ifRange = request.headers["if-range"];
    const isPartial = from > 0 && (ifRange === undefined || ifRange === etag);
    const body = isPartial ? bytes.subarray(from) : bytes;
    response.setHeader("content-length", body.length);
    if (isPartial) {
      response.setHeader(
        "content-range",
        `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      );
    }
    response.writeHead(isPartial ? 206 : 200).end(body);
  };
}

/** Announces the whole of `bytes`, and hangs up after `sent` of them. */
export function cutOff(bytes: Uint8Array, sent: number): Answerer {
  return (request, response) => {
    response.writeHead(200, { etag: '"one"', "content-length": bytes.length });
    response.write(bytes.subarray(0, sent));
    request.socket.end();
  };
}

function rangeStart(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
}
