import type { PackFile } from "../archive/mod.ts";
import { MmsError } from "../errors.ts";

/** Symbols of networks with ten thousand layers stay far below. */
const MAX_SYMBOL_BYTES = 1 << 26;

/**
 * Reads the version of MXNet that wrote a symbol, such as `1.9.1`; `unknown`
 * where the symbol does not say so.
 *
 * @throws {MmsError} `invalid_archive` if the file is not JSON
 */
export async function mxnetVersion(symbol: PackFile): Promise<string> {
  // {"attrs": {"mxnet_version": ["int", 10901]}}
  const number = ["attrs", "mxnet_version", "1"].reduce(
    memberOf,
    await readJson(symbol),
  );
  if (typeof number !== "number") return "unknown";
  const major = Math.floor(number / 10_000);
  const minor = Math.floor(number / 100) % 100;
  return `${major}.${minor}.${number % 100}`;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Reflect.get(value, key)
    : undefined;
}

async function readJson(file: PackFile): Promise<unknown> {
  try {
    if (file.bytes > MAX_SYMBOL_BYTES) throw new RangeError("it is too large");
    return await new Response(await file.open()).json();
  } catch (error) {
    throw new MmsError(
      "invalid_archive",
      `Cannot export "${file.name}": it is not the JSON of an MXNet symbol`,
      { cause: error },
    );
  }
}
