import { type Answer, emptyAnswer } from "./answer.ts";
import { findHeader, type RequestHead } from "./request.ts";

/** What every response carries for browsers; `undefined` is left out. */
export interface CorsOptions {
  /** `access-control-allow-origin`. */
  readonly allowedOrigin: string | undefined;
  /** `access-control-allow-methods`. */
  readonly allowedMethods: string | undefined;
  /** `access-control-allow-headers`. */
  readonly allowedHeaders: string | undefined;
}

/** Returns the headers that every response carries. */
export function corsHeaders(
  cors: CorsOptions,
): readonly (readonly [string, string])[] {
  const headers = [
    ["access-control-allow-origin", cors.allowedOrigin],
    ["access-control-allow-methods", cors.allowedMethods],
    ["access-control-allow-headers", cors.allowedHeaders],
  ] as const;
  return headers.flatMap(([name, value]) => value ? [[name, value]] : []);
}

/** Whether a browser asks if it may send a request (Fetch standard, §4.8). */
export function isPreflight(
  { method, headers }: RequestHead,
  { allowedOrigin }: CorsOptions,
): boolean {
  return method === "OPTIONS" && Boolean(allowedOrigin) &&
    findHeader(headers, "access-control-request-method") !== undefined;
}

/** Answers a preflight: the headers that every response has say it all. */
export function answerPreflight(): Answer {
  return emptyAnswer(204);
}
