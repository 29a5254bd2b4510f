import { MmsError } from "../../errors.ts";

/** Returns the error for bytes that are no picture that can be decoded. */
export function corruptedImage(reason: string, cause?: unknown): MmsError {
  return new MmsError(
    "bad_request",
    `Corrupted image input: ${reason}`,
    cause === undefined ? {} : { cause },
  );
}
