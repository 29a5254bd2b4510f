import type { Runtime } from "../archive/mod.ts";
import { MmsError } from "../errors.ts";

/** The parameters of a management request, by name. */
export type Parameters = ReadonlyMap<string, string>;

/** Returns a whole number, or `fallback` where there is none: as the original, without complaint. */
export function integerParameter(
  parameters: Parameters,
  name: string,
  fallback: number,
): number {
  const text = parameters.get(name) ?? "";
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : fallback;
}

/** Returns whether a parameter is the word `true`, or `fallback` where it is missing. */
export function booleanParameter(
  parameters: Parameters,
  name: string,
  fallback: boolean,
): boolean {
  const text = parameters.get(name);
  return text === undefined ? fallback : text.toLowerCase() === "true";
}

const RUNTIMES: readonly Runtime[] = ["python", "python2", "python3", "deno"];

/**
 * Returns the runtime that is asked for, if any.
 *
 * @throws {MmsError} `bad_request` if there is no such runtime
 */
export function runtimeParameter(parameters: Parameters): Runtime | undefined {
  const text = parameters.get("runtime");
  if (text === undefined) return undefined;
  const runtime = RUNTIMES.find((runtime) => runtime === text);
  if (runtime !== undefined) return runtime;
  throw new MmsError("bad_request", `Invalid RuntimeType value: ${text}`);
}
