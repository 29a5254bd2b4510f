/**
 * Listeners whose face is a function of the test.
 *
 * @module
 */

import type { Answer } from "../../../src/server/exchange/answer.ts";
import type { Face } from "../../../src/server/exchange/face.ts";
import {
  Listener,
  type ListenerOptions,
} from "../../../src/server/listener/listener.ts";
import { Metrics } from "../../../src/metrics.ts";
import type { ServerRequest } from "../../../src/server/exchange/request.ts";

/** Returns an answer of plain text. */
export function textAnswer(text: string, status = 200): Answer {
  return {
    status,
    reason: status === 200 ? "OK" : "Other",
    headers: {},
    contentType: "text/plain",
    body: new TextEncoder().encode(text),
  };
}

/** Makes a face of one function. */
export function faceOf(
  answer: (request: ServerRequest) => Answer | Promise<Answer>,
): Face {
  return { admit: () => {}, answer: async (request) => await answer(request) };
}

/** Says what was asked: method, path and body. */
export const echo: Face = faceOf(({ method, segments, body }) =>
  textAnswer(
    `${method} /${segments.join("/")} ${new TextDecoder().decode(body)}`,
  )
);

/** Opens a listener on a free port of this machine. */
export function listenTo(
  face: Face,
  options: Partial<ListenerOptions> = {},
): Promise<Listener> {
  return Listener.open({
    address: { scheme: "http", host: "127.0.0.1", port: 0 },
    advice: { flag: "--inference-address" },
    face,
    metrics: new Metrics(),
    maxRequestSize: 1000,
    tls: { kind: "self-signed" },
    maxConnections: 100,
    extraHeaders: [],
    ...options,
  });
}

/** Returns the port of a listener that has one. */
export function portOf({ address }: Pick<Listener, "address">): number {
  if (address.scheme === "unix") throw new TypeError("a socket has no port");
  return address.port;
}
