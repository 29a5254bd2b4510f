import type { Feeds, Tensor } from "../../../tensor/mod.ts";
import { kindOf } from "./kind_of.ts";

/**
 * Refuses what a function of `mms` was not meant to be called with: types say
 * as much, but JavaScript has none, and editors are not always looked at.
 *
 * @throws {TypeError} with the call as it should be
 */
export function requireArgument(
  call: string,
  isRight: boolean,
  wrong: string,
): void {
  if (!isRight) throw new TypeError(`${call}: ${wrong}`);
}

/** @throws {TypeError} unless `values` are as an array of numbers is */
export function requireNumbers(call: string, values: unknown): void {
  const isRight = typeof values === "object" && values !== null &&
    "length" in values && typeof values.length === "number";
  const hint = isTensor(values) ? ", its data is" : "";
  const wrong = `values must be numbers, not ${describe(values)}${hint}`;
  requireArgument(call, isRight, wrong);
}

/** @throws {TypeError} unless `tensor` looks like one */
export function requireTensor(call: string, tensor: unknown): void {
  const wrong = `tensor must be a tensor, not ${describe(tensor)}`;
  requireArgument(call, isTensor(tensor), wrong);
}

/** @throws {TypeError} unless `outputs` look like tensors by name */
export function requireFeeds(call: string, outputs: unknown): void {
  const wrong = `outputs must be tensors by name, not ${describe(outputs)}`;
  requireArgument(call, areFeeds(outputs), wrong);
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "data" in value &&
    "shape" in value && Array.isArray(value.shape);
}

function areFeeds(value: unknown): value is Feeds {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype && !isTensor(value) &&
    Object.values(value).every(isTensor);
}

function describe(value: unknown): string {
  if (isTensor(value)) return "a tensor";
  if (!areFeeds(value)) return kindOf(value);
  const names = Object.keys(value).map((name) => `"${name}"`);
  return ["tensors by name", ...names].join(", ");
}
