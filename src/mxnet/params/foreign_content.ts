import type { ByteSource } from "../byte_source.ts";
import { invalidModel, quoted } from "../conversion_error.ts";

const SNIFFED_BYTES = 64;
const MIN_BYTES = 8;

/** What is found in place of parameters, and what helps. */
const FOREIGN: readonly (readonly [RegExp | string, string])[] = [
  [
    "version https://git-lfs",
    "it is a Git LFS pointer, fetch the file itself with git lfs pull",
  ],
  [/^\s*<(!doctype|html|head|\?xml)/i, "it is a web page, not a download"],
  ["\u001f\u008b", "it is compressed with gzip, unpack it first"],
  [/^\s*\{/, "it is JSON, perhaps the symbol file"],
  ["\u0080\u0002", "it is a Python pickle, which MXNet does not read"],
];

/**
 * Refuses files that are known to take the place of parameters.
 *
 * @throws {MmsError} `invalid_model` if the file is one of them or too short
 */
export async function refuseForeignContent(
  source: ByteSource,
  fileName: string,
): Promise<void> {
  const head = await source.read(0, Math.min(SNIFFED_BYTES, source.size));
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  const problem = source.size === 0
    ? "it is empty"
    : FOREIGN.find(([pattern]) => text.search(pattern) === 0)?.[1] ??
      (source.size < MIN_BYTES ? `it has ${source.size} bytes` : undefined);
  if (problem === undefined) return;
  throw invalidModel(`Cannot read parameters ${quoted(fileName)}: ${problem}`);
}
