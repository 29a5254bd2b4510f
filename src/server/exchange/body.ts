import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { MmsError } from "../../errors.ts";
import { BROKEN } from "./broken_requests.ts";

/**
 * Collects the body of a request.
 *
 * @throws {MmsError} `request_too_large` if it has more than `limit` bytes, the
 * rest is then unread; `aborted` if the caller left before it ended;
 * `bad_request` or `request_timeout` if it breaks off
 */
export function readBody(
  incoming: IncomingMessage,
  limit: number,
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const take = (chunk: Uint8Array) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else {
      incoming.pause();
      incoming.off("data", take);
      reject(tooLarge(limit));
    }
  };
  const leave = () => {
    if (!incoming.complete) {
      reject(
        new MmsError("aborted", "Cannot read the request: its caller left"),
      );
    }
  };
  incoming.on("data", take).on("error", leave).on("close", leave);
  incoming.on(BROKEN, reject).on("end", () => {
    resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  });
  return promise;
}

/** Returns what to throw for a body beyond the limit. */
export function tooLarge(limit: number): MmsError {
  return new MmsError(
    "request_too_large",
    `Cannot read the request: its body is larger than ${limit} bytes`,
  );
}

// What a caller still sends is read for a moment before the connection is
// closed: a reset could overtake the answer otherwise.
const MAX_DISCARDED_BYTES = 1 << 20;
const MAX_DISCARD_MS = 1000;

/** Reads on and throws away, until the request ends or enough was read. */
export function discardBody(incoming: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, MAX_DISCARD_MS);
  let size = 0;
  incoming.on("data", (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) resolve();
  });
  incoming.on("end", resolve).on("close", resolve).on("error", () => resolve());
  incoming.resume();
  return promise.finally(() => clearTimeout(timer));
}
