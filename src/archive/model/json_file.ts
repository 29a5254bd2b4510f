import { messageOf, MmsError } from "../../errors.ts";
import { readBoundedFile } from "./bounded_file.ts";
import type { ArchiveLimits } from "../limits.ts";

/**
 * Reads a JSON file of an archive, which the user may call `what`.
 *
 * @throws {MmsError} `invalid_archive` if it is too large, too deep, not UTF-8
 * or not JSON
 */
export async function readJsonFile(
  path: string,
  what: string,
  limits: ArchiveLimits,
): Promise<unknown> {
  const bytes = await readBoundedFile(path, {
    what,
    limit: limits.metadataBytes,
  });
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    requireDepth(text, limits.jsonDepth);
    return JSON.parse(text);
  } catch (error) {
    throw new MmsError(
      "invalid_archive",
      `Cannot read "${what}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function requireDepth(text: string, limit: number): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > limit) {
      throw new RangeError(`its brackets nest deeper than ${limit}`);
    }
  }
}

/** Returns the index of the quote that ends the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i;
}
