import { withRequestId } from "../../log.ts";
import type { Answer } from "./answer.ts";
import { MethodNotAllowed, resourceNotFound, type Route } from "./face.ts";
import type { ServerRequest } from "./request.ts";

/** Answers a web request. */
export type Fetch = (request: Request) => Promise<Response>;

/**
 * Returns a route that hands everything to a web application, which is loaded
 * when it is first needed.
 */
export function webRoute(load: () => Promise<Fetch>): Route {
  let application: Promise<Fetch> | undefined;
  return (request) =>
    withRequestId(request.id, async () => {
      const webRequest = toWebRequest(request);
      application ??= load();
      const fetch = await application;
      return await toAnswer(await fetch(webRequest));
    });
}

// The Fetch standard does not let these through.
const FORBIDDEN_METHODS = /^(CONNECT|TRACE|TRACK)$/i;

function toWebRequest(request: ServerRequest): Request {
  const { id, method, segments, queryText, headers, body } = request;
  // In the original, what GET answers HEAD does not.
  if (method === "HEAD" || FORBIDDEN_METHODS.test(method)) {
    throw segments[0] === "models" && segments.length <= 2
      ? managementMethods(segments[1])
      : new MethodNotAllowed();
  }
  // A url would lead these elsewhere.
  if (segments.some((segment) => segment === "." || segment === "..")) {
    throw resourceNotFound();
  }
  const path = segments.map(encodeURIComponent).join("/");
  const webHeaders = new Headers();
  for (let i = 0; i < headers.length; i += 2) {
    webHeaders.append(headers[i]!, headers[i + 1]!);
  }
  webHeaders.set("x-request-id", id);
  return new Request(`http://server/${path}?${queryText}`, {
    method,
    headers: webHeaders,
    body: method === "GET" ? null : new Uint8Array(body),
  });
}

/** Returns what to throw for another method than those of all models, or of one. */
export function managementMethods(name: string | undefined): MethodNotAllowed {
  return name === undefined
    ? new MethodNotAllowed("GET", "POST")
    : new MethodNotAllowed("GET", "PUT", "DELETE");
}

async function toAnswer(response: Response): Promise<Answer> {
  const { "content-type": contentType = "", ...headers } = Object.fromEntries(
    response.headers,
  );
  return {
    status: response.status,
    reason: response.statusText,
    headers,
    contentType,
    body: await response.bytes(),
  };
}
