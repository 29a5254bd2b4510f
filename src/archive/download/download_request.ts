import { isIP } from "node:net";
import { messageOf, MmsError, throwIfAborted } from "../../errors.ts";
import { allowedAddresses, hostOf } from "./download_address.ts";
import { DownloadError } from "./download_error.ts";
import type { DownloadTask } from "./download_options.ts";
import { proxyFor } from "./download_proxy.ts";
import { requireAllowedName } from "./download_rules.ts";
import {
  type Answer,
  callAddress,
  callThroughProxy,
} from "./download_transport.ts";
import { Watchdog } from "./download_watchdog.ts";

const MAX_REDIRECTS = 10;

/** The statuses that name another place, RFC 9110 §15.4. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What is asked of a server. */
export interface Request {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the answer of another place will do. */
  readonly follow: boolean;
}

/** An answer whose body is still to come; its watchdog is awake. */
export interface LiveAnswer extends AsyncDisposable {
  readonly answer: Answer;
  readonly watchdog: Watchdog;
}

/**
 * Asks a server, and whoever it sends us to, each of them checked before it is
 * connected to.
 *
 * @throws {DownloadError} if one is not allowed or does not answer
 * @throws {MmsError} `aborted` if the signal fires
 */
export async function request(
  first: Request,
  task: DownloadTask,
): Promise<LiveAnswer> {
  let current = first;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const live = await ask(current, task);
    const location = live.answer.header("location");
    const isElsewhere = REDIRECTS.includes(live.answer.status);
    if (!current.follow || !isElsewhere || !location) return live;
    await live[Symbol.asyncDispose]();
    current = redirect(current, location, task);
  }
  throw new DownloadError(
    task.subject,
    { kind: "content" },
    `it redirects more than ${MAX_REDIRECTS} times`,
  );
}

/**
 * Turns what went wrong on a connection into what the caller is told.
 *
 * @throws {MmsError} `aborted` if the caller's signal has fired
 */
export function brokenOff(
  error: unknown,
  task: DownloadTask,
  watchdog: Watchdog,
): unknown {
  throwIfAborted(task.signal);
  if (error instanceof MmsError) return error;
  const kind = watchdog.hasFired ? "timeout" : "broken";
  const message = watchdog.hasFired
    ? "the server was silent for too long"
    : messageOf(error);
  return new DownloadError(task.subject, { kind }, message, {
    cause: error,
  });
}

/** Returns what to ask instead. */
function redirect(
  { url, headers, follow }: Request,
  location: string,
  { subject }: DownloadTask,
): Request {
  const next = URL.parse(location, url);
  const isDowngrade = url.protocol === "https:" && next?.protocol === "http:";
  if (next === null || isDowngrade || !/^https?:$/.test(next.protocol)) {
    throw new DownloadError(
      subject,
      { kind: "refused" },
      `it redirects to "${next?.origin ?? location}"`,
    );
  }
  const { authorization: _, ...open } = headers;
  const isSame = next.origin === url.origin;
  return { url: next, headers: isSame ? headers : open, follow };
}

async function ask(
  { url, headers }: Request,
  task: DownloadTask,
): Promise<LiveAnswer> {
  const { caCertificates } = task;
  const call = (signal: AbortSignal) => ({
    url,
    headers,
    signal,
    caCertificates,
  });
  const proxy = proxyFor(url, task.env);
  if (proxy !== undefined && isIP(hostOf(url)) === 0) {
    requireAllowedName(url, task.rules, task.subject);
    return await inTime(task, (it) => callThroughProxy(call(it), proxy));
  }
  const addresses = await allowedAddresses(url, task.rules, task.subject);
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await inTime(task, (it) => callAddress(call(it), address));
    } catch (error) {
      throwIfAborted(task.signal);
      failure = error;
    }
  }
  throw failure;
}

/** Makes one call within the time that it may take to be answered. */
async function inTime(
  task: DownloadTask,
  call: (signal: AbortSignal) => Promise<Answer>,
): Promise<LiveAnswer> {
  throwIfAborted(task.signal);
  await using stack = new AsyncDisposableStack();
  const watchdog = stack.use(new Watchdog(task.signal));
  watchdog.feed(task.limits.connectTimeout);
  try {
    const answer = stack.use(await call(watchdog.signal));
    const held = stack.move();
    return {
      answer,
      watchdog,
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  } catch (error) {
    throw brokenOff(error, task, watchdog);
  }
}
