import { MmsError } from "../../errors.ts";
import { type CorsOptions, isPreflight } from "./cors.ts";
import { findHeader, type RequestHead } from "./request.ts";

/** Who may use an API. */
export interface AccessOptions {
  /** What callers have to know; `undefined`: nothing. */
  readonly token: string | undefined;
  /**
   * What callers may call this host in their `Host` header, in lower case and
   * without a port; `undefined`: anything.
   */
  readonly hosts: readonly string[] | undefined;
  /** Whether pages of other origins are refused. */
  readonly refusesOtherOrigins: boolean;
}

/**
 * Refuses requests of callers who may not.
 *
 * @throws {MmsError} `unauthorized` without the token; `forbidden` from a page
 * of another origin, or if the host is called by a name it does not have
 */
export type Gate = (head: RequestHead) => void;

/** Makes a gate; browsers that only ask what they may do come through. */
export function gate(options: AccessOptions, cors: CorsOptions): Gate {
  const { token, hosts, refusesOtherOrigins } = options;
  return (head) => {
    if (isPreflight(head, cors)) return;
    if (refusesOtherOrigins) refuseOtherOrigins(head, cors.allowedOrigin);
    if (hosts !== undefined) refuseOtherHosts(head, hosts);
    if (token !== undefined) requireToken(head, token);
  };
}

/** A page that somebody has open must not register models on their machine. */
function refuseOtherOrigins(
  { headers }: RequestHead,
  allowed: string | undefined,
): void {
  const origin = findHeader(headers, "origin");
  const isAllowed = allowed === "*" ||
    (origin !== undefined && origin === allowed);
  if (isAllowed) return;
  const isCrossSite = findHeader(headers, "sec-fetch-site") === "cross-site";
  const host = findHeader(headers, "host");
  const isOwn = origin === undefined || originHost(origin) === host;
  if (isOwn && !isCrossSite) return;
  throw new MmsError(
    "forbidden",
    `Cannot answer a page of "${
      origin ?? "another site"
    }": cors_allowed_origin does not name it`,
  );
}

/** Returns what a page of that origin sends as `Host` to its own server. */
function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** A name that somebody else resolves to this machine is theirs: DNS rebinding. */
function refuseOtherHosts(
  { headers }: RequestHead,
  hosts: readonly string[],
): void {
  const host = findHeader(headers, "host");
  if (host === undefined) return;
  const name = host.toLowerCase().replace(/:\d*$/, "");
  if (hosts.includes(name)) return;
  throw new MmsError(
    "forbidden",
    `Cannot answer as "${host}": the server is not bound to it`,
  );
}

const BEARER = /^bearer +(\S+) *$/i;

function requireToken({ headers }: RequestHead, token: string): void {
  const authorization = findHeader(headers, "authorization") ?? "";
  const given = BEARER.exec(authorization)?.[1];
  if (given !== undefined && isEqual(given, token)) return;
  throw new MmsError(
    "unauthorized",
    given === undefined
      ? "Cannot answer: the request has no token, Authorization: Bearer TOKEN would be right"
      : "Cannot answer: the request has another token",
  );
}

/** Takes as long for every text of one length, however much of it is right. */
function isEqual(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < given.length; i++) {
    difference |= given.charCodeAt(i) ^
      expected.charCodeAt(i % expected.length);
  }
  return difference === 0;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** What callers of this machine may call it, and what an address calls it. */
export function loopbackNames(host: string): readonly string[] {
  const name = host.includes(":") ? `[${host}]` : host;
  return ["localhost", "127.0.0.1", "[::1]", name.toLowerCase()];
}
