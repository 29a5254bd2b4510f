import { MmsError } from "../errors.ts";

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_\-.]*$/;

/**
 * Makes sure that a model may have this name.
 *
 * @throws {MmsError} `bad_request` if it may not
 */
export function requireModelName(name: string): void {
  if (MODEL_NAME.test(name)) return;
  throw new MmsError(
    "bad_request",
    `Model name contains special characters.\nThe allowed regular expression filter for model name is: ${MODEL_NAME.source}`,
  );
}
