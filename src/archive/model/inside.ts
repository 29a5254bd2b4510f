import { join } from "node:path";
import { MmsError } from "../../errors.ts";

/**
 * Returns the path of a file that an archive names by a relative path.
 *
 * @throws {MmsError} `invalid_archive` if the name leads out of the folder
 */
export function pathInside(folder: string, name: string): string {
  const parts = name.split(/[/\\]/);
  const leaves = parts.includes("..") || parts[0] === "" ||
    /^[A-Za-z]:/.test(name) || name.includes("\0");
  if (leaves) {
    throw new MmsError(
      "invalid_archive",
      `Cannot use "${name}": it leads out of the archive`,
    );
  }
  return join(folder, ...parts);
}
