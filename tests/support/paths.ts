/**
 * Where things lie in the repository.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** The root of the repository, absolute, without a trailing slash. */
export const root: string = fromFileUrl(new URL("../..", import.meta.url))
  .replace(/[/\\]$/, "");

/** Returns the path that a `file:` url names. */
export function fromFileUrl(url: URL): string {
  return fileURLToPath(url);
}
