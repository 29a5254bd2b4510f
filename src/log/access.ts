import type { LogEvent } from "./event.ts";
import { oneLine } from "./printable.ts";
import type { Redactor } from "./redactor.ts";

/** A request that was answered. */
export interface Access {
  /** Whom it came from: `127.0.0.1:5000`, `[::1]:5000`; left out for unix sockets. */
  readonly client?: string | undefined;
  /** As it was sent; `GET` where the request could not be read, as in MMS. */
  readonly method: string;
  /** Path and query as they were sent. */
  readonly uri: string;
  /** `1.1` where left out. */
  readonly httpVersion?: string;
  /** Of the answer, 100–599. */
  readonly status: number;
  /** From the request's head to the answer's end, in ms. */
  readonly ms: number;
  /** The id that its caller sees. */
  readonly requestId: string;
}

/** The name of the logger of requests, as in MMS. */
const ACCESS_LOG = "ACCESS_LOG";

/** What MMS writes for callers who have no address. */
const NO_ADDRESS = "0.0.0.0";

/** Returns the event of a request: `/127.0.0.1:5000 "GET /ping HTTP/1.1" 200 3`. */
export function accessEvent(access: Access, redactor: Redactor): LogEvent {
  const { client, method, status, requestId, ms } = access;
  const uri = redactor.redact(access.uri);
  const from = client === undefined ? NO_ADDRESS : `/${client}`;
  const version = access.httpVersion ?? "1.1";
  return {
    time: Date.now(),
    level: "info",
    requestId,
    logger: ACCESS_LOG,
    message: oneLine(
      `${from} "${method} ${uri} HTTP/${version}" ${status} ${Math.round(ms)}`,
    ),
    fields: { client, method, uri, status, ms: Math.round(ms * 1000) / 1000 },
  };
}
