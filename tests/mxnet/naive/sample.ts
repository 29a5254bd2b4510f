/**
 * One random use of an operator, with what it has to give.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import type { NaiveArray } from "./array.ts";

/** The value of an attribute, written as MXNet writes it. */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly (number | undefined)[];

/** One random use of an operator, with what it has to give. */
export interface Sample {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly inputs: readonly NaiveArray[];
  readonly outputs: readonly NaiveArray[];
  /** Inputs that are parameters, by number. */
  readonly parameters?: readonly number[];
  /** Graphs inside the node, as MXNet writes them. */
  readonly subgraphs?: readonly unknown[];
  readonly tolerance?: { readonly atol: number; readonly rtol: number };
}

/** Makes random uses of an operator. */
export type Sampler = (random: Random) => Sample;

/** Samplers by the name of the operator. */
export type Samplers = Readonly<Record<string, Sampler>>;

/** Returns attributes as MXNet writes them. */
export function attributeTexts(
  attributes: Sample["attributes"] = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, textOf(value)]),
  );
}

function textOf(value: AttributeValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return String(value);
  const items = value.map((item) => item === undefined ? "None" : String(item));
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}
