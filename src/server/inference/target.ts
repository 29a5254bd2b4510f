import { MmsError } from "../../errors.ts";

/** A request target, cut into what routes look at. */
export interface Target {
  /** The decoded path, cut at its slashes, empty ones at the end dropped. */
  readonly segments: readonly string[];
  /** What stands behind the question mark, still encoded. */
  readonly queryText: string;
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/**
 * Reads a request target. The path is decoded before it is cut, as in the
 * original, so `%2F` cuts too. Of an absolute target the authority is ignored.
 *
 * @throws {MmsError} `bad_request` if the path has a broken percent escape;
 * `resource_not_found` if it does not begin with a slash
 */
export function parseTarget(raw: string): Target {
  const target = raw.startsWith("/") ? raw : raw.replace(ABSOLUTE_FORM, "");
  const cut = target.indexOf("?");
  const path = decodePath(cut < 0 ? target : target.slice(0, cut));
  if (!path.startsWith("/") && (path !== "" || target === raw)) {
    throw new MmsError(
      "resource_not_found",
      "Requested resource is not found, please refer to API document.",
    );
  }
  const segments = path.split("/").slice(1);
  while (segments.at(-1) === "") segments.pop();
  return { segments, queryText: cut < 0 ? "" : target.slice(cut + 1) };
}

function decodePath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new MmsError(
      "bad_request",
      `Cannot read the path "${path}": it has a percent sign that no escaped UTF-8 follows`,
      { cause },
    );
  }
}
