import { type ErrorCode, messageOf, MmsError } from "../../errors.ts";
import { refuse, requireObject, requireText } from "./door.ts";
import type { ErrorDescription } from "./messages.ts";

/** What a worker may blame; anything else is its own failure. */
const CROSSING: ReadonlySet<string> = new Set<ErrorCode>([
  "bad_request",
  "invalid_archive",
  "invalid_model",
  "io_failed",
  "load_failed",
  "out_of_memory",
  "prediction_failed",
  "response_too_large",
]);

/** MMS's text for a service that ran out of memory. */
export const OUT_OF_RESOURCES = "Out of resources";

/**
 * Describes what was thrown for the other process: an `MmsError` as it is,
 * anything else under `code` with `message`.
 */
export function describeError(
  thrown: unknown,
  code: ErrorCode,
  message: string,
): ErrorDescription {
  if (isAllocationFailure(thrown)) {
    return { code: "out_of_memory", message: OUT_OF_RESOURCES };
  }
  return thrown instanceof MmsError && CROSSING.has(thrown.code)
    ? { code: thrown.code, message: thrown.message }
    : { code, message };
}

/** @throws {MmsError} `worker_died` unless `value` describes an error */
export function readError(value: unknown): MmsError {
  const description = requireObject(value, "error");
  const code = requireText(description.code, "error code");
  if (!CROSSING.has(code)) refuse("error code", "one that a worker may blame");
  return new MmsError(
    code as ErrorCode, // It is among them.
    requireText(description.message, "error message"),
  );
}

/** V8 has no class of its own for memory that it was refused. */
function isAllocationFailure(thrown: unknown): boolean {
  return thrown instanceof RangeError &&
    /allocation failed|out of memory/i.test(messageOf(thrown));
}
