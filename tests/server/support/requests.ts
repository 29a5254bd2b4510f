/**
 * Requests as the server's functions take them.
 *
 * @module
 */

import type { ServerRequest } from "../../../src/server/exchange/request.ts";
import { parseTarget } from "../../../src/server/inference/target.ts";

/** What makes a request other than a `GET /` without headers and body. */
export interface RequestParts {
  readonly method?: string;
  /** As it stands in the request line. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal;
}

/** Makes a request. */
export function serverRequest(parts: RequestParts): ServerRequest {
  const { method = "GET", target = "/", headers = {}, body = "" } = parts;
  return {
    id: "00000000-0000-4000-8000-000000000000",
    method,
    ...parseTarget(target),
    headers: Object.entries(headers).flat(),
    startedAt: performance.now(),
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
    signal: parts.signal ?? new AbortController().signal,
  };
}
