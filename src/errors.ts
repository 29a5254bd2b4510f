/**
 * The one error type that crosses layers, and its closed set of codes.
 *
 * `server/problem.ts` gives each code its HTTP status and `cli/exit.ts` its
 * exit code: a new code compiles only once both have an answer for it.
 * Anything else that is thrown is a bug.
 *
 * @module
 */

/** Every kind of failure that a caller may be told about. */
export type ErrorCode =
  /** A request, a parameter or an input that breaks the rules. */
  | "bad_request"
  /** A command line that breaks the rules. */
  | "usage"
  /** A setting whose value cannot be used. */
  | "invalid_settings"
  /** An archive, manifest or signature that breaks its format. */
  | "invalid_archive"
  /** A graph, checkpoint or service that cannot be loaded as it is. */
  | "invalid_model"
  /** A url that the settings do not allow, or that could not be fetched. */
  | "download_failed"
  /** A model that is neither registered nor found where it was looked for. */
  | "model_not_found"
  /** A path that names nothing. */
  | "resource_not_found"
  | "method_not_allowed"
  | "unauthorized"
  | "forbidden"
  /** Something of that name is there already. */
  | "conflict"
  | "request_too_large"
  | "response_too_large"
  /** A management operation that ran out of its time. */
  | "request_timeout"
  /** A prediction that ran out of its time. */
  | "prediction_timeout"
  /** No worker, or no room in the queue. */
  | "service_unavailable"
  /** The service threw while it predicted. */
  | "prediction_failed"
  /** The worker ended with the request in hand. */
  | "worker_died"
  /** No worker could load the model. */
  | "load_failed"
  | "out_of_memory"
  /** The file system or the network refused. */
  | "io_failed"
  /** The caller or the user gave up. */
  | "aborted";

/** An expected failure: says what could not be done, to whom it may concern. */
export class MmsError extends Error {
  /** Which kind of failure this is. */
  readonly code: ErrorCode;

  /** Makes an error whose message can be shown to users as it is. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MmsError";
    this.code = code;
  }
}

/** Returns the message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Goes on only while nobody has given up.
 *
 * @throws {MmsError} `aborted` once the signal has fired
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new MmsError("aborted", "The caller gave up", {
      cause: signal.reason,
    });
  }
}

/**
 * Returns what the system refused, such as `ENOSPC`, as an `io_failed` whose
 * message begins with `what` could not be done; anything else as it is.
 */
export function systemError(what: string, error: unknown): unknown {
  const isRefusal = error instanceof Error && "code" in error &&
    !(error instanceof MmsError);
  if (!isRefusal) return error;
  const reason = systemReason(error.message, what);
  return new MmsError("io_failed", `${what}: ${reason}`, { cause: error });
}

/** What the two families of system calls say: Rust's, and those of Node. */
const REASONS: readonly RegExp[] = [
  /^(.+?) \(os error \d+\)(?:: \w+ '(.*)')?$/s,
  /^E[A-Z]+: (.+?), \w+(?: '(.*)')?$/s,
];

/** The reason alone, unless it is about another file than `what` names. */
function systemReason(message: string, what: string): string {
  const match = REASONS.map((it) => it.exec(message)).find((it) => it !== null);
  const [, reason = message, path] = match ?? [];
  if (path !== undefined && !what.includes(`"${path}"`)) return message;
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
