import { open } from "node:fs/promises";
import { MmsError } from "../../errors.ts";

/**
 * Reads a whole file that must not be larger than `limit` bytes.
 *
 * @throws {MmsError} `invalid_archive` if the file is larger, naming it `what`
 */
export async function readBoundedFile(
  path: string,
  options: { readonly what: string; readonly limit: number },
): Promise<Uint8Array> {
  const { what, limit } = options;
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.min(size, limit) + 1);
  let length = 0;
  while (length < bytes.length) {
    const room = bytes.length - length; // Deno 2.7 takes none for nothing
    const { bytesRead } = await file.read(bytes, length, room);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
  }
  throw new MmsError(
    "invalid_archive",
    `Cannot read "${what}": it is larger than ${limit} bytes`,
  );
}
