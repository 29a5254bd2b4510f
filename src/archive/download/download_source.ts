import { Buffer } from "node:buffer";
import { DownloadError, type Subject } from "./download_error.ts";
import type { DownloadContext } from "./download_options.ts";
import type { Request } from "./download_request.ts";
import { alsoAllow, requireAllowedName } from "./download_rules.ts";
import type { Answer } from "./download_transport.ts";

/** Where something is downloaded from. */
export interface Source {
  /** The url that is asked first. */
  readonly location: URL;
  /** Returns what to ask the server for it. */
  request(headers: Readonly<Record<string, string>>): Promise<Request>;
  /** Returns where it is instead, if the answer tells. */
  elsewhere(answer: Answer): Source | undefined;
}

/** A source, and the rules under which it is asked. */
export interface AllowedSource {
  readonly source: Source;
  readonly context: DownloadContext;
}

/**
 * Returns where a url leads.
 *
 * @throws {DownloadError} if its scheme, or an `s3:` url, is not allowed
 * @throws {MmsError} `model_not_found` if an `s3:` url is malformed
 */
export async function sourceOf(
  url: URL,
  subject: Subject,
  context: DownloadContext,
): Promise<AllowedSource> {
  if (url.protocol === "http:" || url.protocol === "https:") {
    return { source: httpSource(url), context };
  }
  if (url.protocol !== "s3:") {
    throw new DownloadError(
      subject,
      { kind: "refused" },
      `"${url.protocol}" is not among http:, https: and s3:`,
    );
  }
  requireAllowedName(url, context.rules, subject);
  const { s3Source } = await import(
    import.meta.resolve("./download_s3.ts")
  ) as typeof import("./download_s3.ts");
  const source = s3Source(url, context.env);
  // Where the buckets are is the environment's word, not the caller's.
  const rules = alsoAllow(context.rules, source.location);
  return { source, context: { ...context, rules } };
}

function httpSource(url: URL): Source {
  const location = new URL(url);
  location.username = "";
  location.password = "";
  location.hash = "";
  const credentials = basicCredentials(url);
  return {
    location,
    request: (headers) =>
      Promise.resolve({
        url: location,
        headers: credentials === undefined
          ? headers
          : { ...headers, authorization: credentials },
        follow: true,
      }),
    elsewhere: () => undefined,
  };
}

/** RFC 7617. */
function basicCredentials({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const pair = `${decodeURIComponent(username)}:${
    decodeURIComponent(password)
  }`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
