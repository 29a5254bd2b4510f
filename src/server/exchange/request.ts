import type { CallerSignal } from "../../workload/mod.ts";

/** Header names and values in turn, as they were written. */
export type RawHeaders = readonly string[];

/** What is known of a request before its body is read. */
export interface RequestHead {
  /** Answers and log lines bear it: a random UUID, never the caller's. */
  readonly id: string;
  /** As written: `GET`, `POST`, or any other token. */
  readonly method: string;
  /** The decoded path, cut at its slashes: `["predictions", "digits"]`. */
  readonly segments: readonly string[];
  /** What stands behind the question mark, still encoded. */
  readonly queryText: string;
  /** The headers. */
  readonly headers: RawHeaders;
  /** When it was first looked at, on the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** One request, read to its end. */
export interface ServerRequest extends RequestHead {
  /** The body without its transfer coding; empty where there is none. */
  readonly body: Uint8Array;
  /** Aborts when the caller has gone. */
  readonly signal: CallerSignal;
}

/** Returns the last value of a header, whatever the case of its name. */
export function findHeader(
  headers: RawHeaders,
  lowerCaseName: string,
): string | undefined {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const name = headers[i]!;
    if (
      name.length === lowerCaseName.length &&
      name.toLowerCase() === lowerCaseName
    ) return headers[i + 1];
  }
  return undefined;
}

/** Returns the headers by name, names as written; of duplicates, the last. */
export function headerRecord(headers: RawHeaders): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i < headers.length; i += 2) {
    record[headers[i]!] = headers[i + 1]!;
  }
  return record;
}

/** Returns a media type without its parameters, its case kept. */
export function bareMediaType(contentType: string): string {
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim();
}
