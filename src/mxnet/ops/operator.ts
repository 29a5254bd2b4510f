import { ConversionError } from "../conversion_error.ts";
import type { GraphBuilder } from "../onnx/graph_builder.ts";
import type { Value } from "../onnx/value.ts";
import type { Attributes } from "../symbol/attributes.ts";
import type { Subgraph } from "../symbol/symbol.ts";

/** One use of an operator in a graph. */
export interface OperatorCall {
  readonly graph: GraphBuilder;
  /** The operator's name in the table, aliases resolved. */
  readonly operator: string;
  /** The node's name. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  /** The graphs inside the node: a loop's condition and body, branches. */
  readonly subgraphs: readonly Subgraph[];
  /** Converts one of them, given its variables in order; returns its heads. */
  readonly expand: (
    subgraph: Subgraph,
    inputs: readonly Value[],
  ) => readonly Value[];
}

/** Returns what a call's outputs are, put together from ONNX nodes. */
export type OperatorFunction = (
  call: OperatorCall,
) => Value | readonly Value[];

/** One operator: the function alone, or with what it says of itself. */
export interface Operator {
  readonly convert: OperatorFunction;
  /** Other names for the same operator. */
  readonly aliases?: readonly string[];
  /** Names of the inputs, for messages. */
  readonly inputs?: readonly string[];
  /** Inputs that matter only in training: labels. They are never looked at. */
  readonly labels?: readonly number[];
  /**
   * Suffixes of the outputs' names (`output`, `mean`), where MXNet has some;
   * otherwise `output`, or `output0`, `output1`… for several.
   */
  readonly outputs?:
    | readonly string[]
    | ((attributes: Attributes) => readonly string[]);
}

/** Operators of one kind, under the heading they have in the documentation. */
export interface OperatorFamily {
  readonly title: string;
  readonly operators: Readonly<Record<string, Operator | OperatorFunction>>;
}

/**
 * Returns input number `index`.
 *
 * @throws {ConversionError} if the node has fewer
 */
export function input({ inputs }: OperatorCall, index: number): Value {
  const value = inputs[index];
  if (value !== undefined) return value;
  throw new ConversionError(
    `it has ${inputs.length} inputs, it would have to have ${index + 1}`,
  );
}

/** Returns an operator that passes its first input on. */
export function passThrough(call: OperatorCall): Value {
  return input(call, 0);
}

/** Returns the suffix that MXNet's `list_outputs` gives an output, if stated. */
export function outputSuffix(
  { outputs }: Operator,
  attributes: Attributes,
  index: number,
): string | undefined {
  const names = typeof outputs === "function" ? outputs(attributes) : outputs;
  return names?.[index];
}
