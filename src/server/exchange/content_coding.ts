import type { Answer } from "./answer.ts";
import { tooLarge } from "./body.ts";
import { MmsError } from "../../errors.ts";

/**
 * Undoes the coding of a request's body (RFC 9110 §8.4.1).
 *
 * @throws {MmsError} `bad_request` if the coding is unknown or broken;
 * `request_too_large` if the body has more than `limit` bytes without it
 */
export async function decodeBody(
  body: Uint8Array,
  coding: string,
  limit: number,
): Promise<Uint8Array> {
  switch (coding.trim().toLowerCase()) {
    case "":
    case "identity":
      return body;
    case "gzip":
    case "x-gzip":
      return await gunzip(body, limit);
  }
  throw new MmsError(
    "bad_request",
    `Cannot read the request: its content coding is "${coding}", gzip would be right`,
  );
}

async function gunzip(body: Uint8Array, limit: number): Promise<Uint8Array> {
  const zlib = await import("node:zlib");
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  zlib.gunzip(body, { maxOutputLength: limit }, (error, inflated) => {
    if (error === null) resolve(inflated);
    else reject(isTooLarge(error) ? tooLarge(limit) : brokenGzip(error));
  });
  return await promise;
}

function isTooLarge(error: Error): boolean {
  return "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function brokenGzip(cause: Error): MmsError {
  return new MmsError(
    "bad_request",
    "Cannot read the request: its body is not gzip, though it says so",
    { cause },
  );
}

// Below, there is little to gain; above, the front would be held up: the
// runtime compresses on the thread that answers everybody.
const LEAST_BYTES = 1024;
const MOST_BYTES = 1 << 20;
const FASTEST = 1;

const COMPRESSIBLE = /^(application\/json|text\/)/i;

/** Compresses an answer if its caller can read that, and it is worth it. */
export async function encodeAnswer(
  answer: Answer,
  accepted: string,
): Promise<Answer> {
  const { body, contentType, headers } = answer;
  const isWorthIt = body.length >= LEAST_BYTES && body.length <= MOST_BYTES &&
    COMPRESSIBLE.test(contentType);
  if (!isWorthIt || !acceptsGzip(accepted) || isEncoded(headers)) return answer;
  const zlib = await import("node:zlib");
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  zlib.gzip(body, { level: FASTEST }, (error, deflated) => {
    if (error === null) resolve(deflated);
    else reject(error);
  });
  return {
    ...answer,
    headers: {
      ...headers,
      "content-encoding": "gzip",
      vary: "accept-encoding",
    },
    body: await promise,
  };
}

function isEncoded(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) =>
    name.toLowerCase() === "content-encoding"
  );
}

/** Whether a list of codings has gzip in it, not at a weight of 0 (RFC 9110 §12.5.3). */
function acceptsGzip(accepted: string): boolean {
  return accepted.toLowerCase().split(",").some((item) => {
    const [coding, ...parameters] = item.split(";").map((part) => part.trim());
    return (coding === "gzip" || coding === "x-gzip") &&
      !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
