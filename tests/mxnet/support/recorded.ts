/**
 * What MXNet 1.9.1 was recorded to give.
 *
 * @module
 */

/** Returns the lines of a file of `recorded`, each of them JSON. */
export async function readLines<T>(name: string): Promise<readonly T[]> {
  const path = new URL(`../recorded/${name}.jsonl`, import.meta.url);
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as T);
}
