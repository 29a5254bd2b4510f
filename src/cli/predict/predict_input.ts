import { glob } from "node:fs/promises";
import type { Field } from "../../service/mod.ts";
import { checkInput, readInput, STDIN } from "./predict_read.ts";

/** The files that make up one request, by the fields that they fill. */
export type Request = ReadonlyMap<string, string>;

/** Where a model looks for an input that has no name. */
const BODY = "body";

/**
 * Returns what the arguments ask for, one request for each input: a file, a
 * pattern that names several, or `-`. Arguments of the form `FIELD=FILE` make up
 * one request all together.
 */
export async function readArguments(
  args: readonly string[],
): Promise<readonly Request[]> {
  const fields = await Promise.all(args.map(namedField));
  if (fields.every((field) => field !== undefined)) return [new Map(fields)];
  const files = await Promise.all(args.map(expand));
  return files.flat().map((file) => new Map([[BODY, file]]));
}

/** Returns what a request is called: its file, or all of its fields. */
export function nameOf(request: Request): string {
  return Array.from(
    request,
    ([field, file]) => field === BODY ? file : `${field}=${file}`,
  ).join(" ");
}

/**
 * Reads the files of a request.
 *
 * @throws {MmsError} `resource_not_found` if one is not there;
 * `bad_request` if it is no input; `io_failed` if it cannot be read
 */
export async function readFields(
  request: Request,
): Promise<ReadonlyMap<string, Field>> {
  const fields = new Map<string, Field>();
  for (const [field, file] of request) {
    const data = await readInput(file);
    const contentType = file.toLowerCase().endsWith(".json")
      ? "application/json"
      : "";
    fields.set(field, { contentType, data });
  }
  return fields;
}

/**
 * Makes sure that all files are there and none is a model: whoever names no
 * model may have meant one of them.
 *
 * @throws {MmsError} as {@linkcode readFields} does, without reading
 */
export async function checkRequests(
  requests: readonly Request[],
): Promise<void> {
  for (const request of requests) {
    for (const file of request.values()) await checkInput(file);
  }
}

async function namedField(
  arg: string,
): Promise<readonly [string, string] | undefined> {
  const match = /^([\w.:/-]+)=(.+)$/s.exec(arg);
  if (match === null || await isThere(arg)) return undefined;
  return [match[1]!, match[2]!];
}

/** A pattern that the shell has left alone; one that fits nothing stays. */
async function expand(arg: string): Promise<readonly string[]> {
  if (arg === STDIN || !/[*?[{]/.test(arg) || await isThere(arg)) return [arg];
  const files = await Array.fromAsync(glob(arg));
  return files.length === 0 ? [arg] : files.toSorted();
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
