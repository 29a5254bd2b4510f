import { readBoundedFile } from "./bounded_file.ts";

/** Many times the labels of the largest image sets. */
const MAX_LABELS_BYTES = 16 * 1024 ** 2;

/**
 * Reads `synset.txt`: one label a line, white space around it removed. A line
 * that is empty keeps its number, except at the end of the file.
 *
 * @throws {MmsError} `invalid_archive` if the file is too large
 */
export async function readLabels(path: string): Promise<readonly string[]> {
  const bytes = await readBoundedFile(path, {
    what: "synset.txt",
    limit: MAX_LABELS_BYTES,
  });
  const text = new TextDecoder().decode(bytes).trimEnd();
  return text === "" ? [] : text.split("\n").map((line) => line.trim());
}
