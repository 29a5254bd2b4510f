import type { Runtime } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";

/** The parameters that a request came with, by name. */
export type Parameters = ReadonlyMap<string, string>;

/** One parameter that requests may have: how it is read, and described. */
export interface Parameter {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
  readonly required?: true;
  /** What counts where it is missing, or no such thing as it should be. */
  readonly default?: number | boolean;
  /** The least that is accepted. */
  readonly minimum?: number;
  /** The most that is accepted. */
  readonly maximum?: number;
  /** All that is accepted. */
  readonly enum?: readonly string[];
}

/** A parameter that is a whole number. */
export interface IntegerParameter extends Parameter {
  readonly type: "integer";
  readonly default: number;
}

/** A parameter that is true or false. */
export interface BooleanParameter extends Parameter {
  readonly type: "boolean";
  readonly default: boolean;
}

/**
 * Returns a whole number; like the original, without complaint about others.
 *
 * @throws {MmsError} `bad_request` if it is more than is accepted
 */
export function integerParameter(
  parameters: Parameters,
  { name, default: initial, maximum = Infinity }: IntegerParameter,
): number {
  const text = parameters.get(name) ?? "";
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  if (value > maximum) {
    throw new MmsError(
      "bad_request",
      `Cannot use ${name} ${
        text.slice(0, MAX_SHOWN)
      }: at most ${maximum} is right`,
    );
  }
  return Number.isSafeInteger(value) ? value : initial;
}

/** Digits of a number that a message repeats. */
const MAX_SHOWN = 30;

/** Returns whether a parameter is the word `true`. */
export function booleanParameter(
  parameters: Parameters,
  { name, default: initial }: BooleanParameter,
): boolean {
  const text = parameters.get(name);
  return text === undefined ? initial : text.toLowerCase() === "true";
}

/** The runtimes that a registration may ask for. */
export const RUNTIMES: readonly Runtime[] = [
  "python",
  "python2",
  "python3",
  "deno",
];

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

/** What a registration may ask a model to run as. */
export const SERVICES = ["auto", "python"] as const;

/**
 * Returns what the model is asked to run as, if anything.
 *
 * @throws {MmsError} `bad_request` if there is no such thing
 */
export function serviceParameter(
  parameters: Parameters,
): (typeof SERVICES)[number] | undefined {
  const text = parameters.get("service");
  if (text === undefined) return undefined;
  const service = SERVICES.find((service) => service === text);
  if (service !== undefined) return service;
  throw new MmsError(
    "bad_request",
    `Cannot use service "${text}": it is neither auto nor python`,
  );
}
