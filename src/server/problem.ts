import { type ErrorCode, MmsError } from "../errors.ts";
import { logger } from "../log.ts";
import { type Answer, jsonAnswer, type Status } from "./exchange/answer.ts";
import { MethodNotAllowed } from "./exchange/face.ts";

/** How HTTP speaks of one kind of failure. */
interface Problem {
  readonly status: Status;
  /** The name of the original's exception. */
  readonly type: string;
}

const INTERNAL = "InternalServerException";

const PROBLEMS: Readonly<Record<ErrorCode, Problem>> = {
  bad_request: { status: 400, type: "BadRequestException" },
  usage: { status: 400, type: "BadRequestException" },
  invalid_settings: { status: 500, type: INTERNAL },
  invalid_archive: { status: 400, type: "InvalidModelException" },
  invalid_model: { status: 400, type: "InvalidModelException" },
  download_failed: { status: 400, type: "DownloadModelException" },
  model_not_found: { status: 404, type: "ModelNotFoundException" },
  resource_not_found: { status: 404, type: "ResourceNotFoundException" },
  method_not_allowed: { status: 405, type: "MethodNotAllowedException" },
  unauthorized: { status: 401, type: "UnauthorizedException" },
  forbidden: { status: 403, type: "ForbiddenException" },
  conflict: { status: 409, type: "ConflictStatusException" },
  request_too_large: { status: 413, type: "RequestTooLargeException" },
  response_too_large: { status: 507, type: INTERNAL },
  request_timeout: { status: 408, type: "RequestTimeoutException" },
  prediction_timeout: { status: 504, type: INTERNAL },
  service_unavailable: { status: 503, type: "ServiceUnavailableException" },
  prediction_failed: { status: 503, type: INTERNAL },
  worker_died: { status: 500, type: INTERNAL },
  load_failed: { status: 500, type: INTERNAL },
  out_of_memory: { status: 507, type: INTERNAL },
  io_failed: { status: 500, type: INTERNAL },
  aborted: { status: 499, type: "ClientClosedRequestException" },
};

/** Headers that tell a caller what to do about a failure. */
const ADVICE: Readonly<
  Partial<Record<ErrorCode, Readonly<Record<string, string>>>>
> = {
  service_unavailable: { "Retry-After": "1" },
  unauthorized: { "WWW-Authenticate": "Bearer" },
};

/** What the body of an answer says of a failure, as `error`. */
export interface ProblemBody {
  /** The HTTP status, once more. */
  readonly code: number;
  /** The name of the original's exception. */
  readonly type: string;
  /** What went wrong. */
  readonly message: string;
}

/**
 * Returns what the body of an answer says of a failure. What is not an
 * `MmsError` is a bug, of which the caller learns nothing.
 */
export function problemBody(thrown: unknown): ProblemBody {
  if (thrown instanceof MmsError) {
    const { status, type } = PROBLEMS[thrown.code];
    return { code: status, type, message: thrown.message };
  }
  return { code: 500, type: INTERNAL, message: "Internal server error" };
}

/**
 * Returns the answer to a request that failed. What is not an `MmsError` is a
 * bug: the log gets all of it, the caller nothing.
 */
export function problemAnswer(thrown: unknown, requestId: string): Answer {
  const body = problemBody(thrown);
  if (thrown instanceof MmsError) {
    const { status } = PROBLEMS[thrown.code];
    const headers = thrown instanceof MethodNotAllowed
      ? { Allow: thrown.allow }
      : ADVICE[thrown.code];
    return jsonAnswer(status, body, headers);
  }
  logger("server").error("Request {requestId} met a bug in mms: {stack}", {
    requestId,
    stack: thrown instanceof Error ? thrown.stack : String(thrown),
  });
  return jsonAnswer(500, body);
}
