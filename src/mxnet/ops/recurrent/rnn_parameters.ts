import { ConversionError } from "../../conversion_error.ts";
import { cast, reshape, slice } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { expectVector } from "../expect.ts";
import { RNN_KINDS, type RnnMode } from "./rnn_kinds.ts";

/** The extents of a stack of recurrent layers. */
export interface Stack {
  readonly mode: RnnMode;
  readonly layers: number;
  readonly directions: number;
  readonly hidden: number;
  /** What the hidden state is projected to, if it is. */
  readonly projected: number | undefined;
  /** Features of the data. */
  readonly inputSize: number;
}

/** The parameters of one layer in one direction, in MXNet's order of gates. */
export interface Block {
  /** [gates × hidden, features] */
  readonly inputWeight: Value;
  /** [gates × hidden, state] */
  readonly stateWeight: Value;
  /** [projected, hidden] */
  readonly projection: Value | undefined;
  /** [gates × hidden] */
  readonly inputBias: Value;
  /** [gates × hidden] */
  readonly stateBias: Value;
}

/**
 * Cuts the parameter vector into blocks, layer by layer and direction by
 * direction: all weights come first, then all biases.
 *
 * @throws {ConversionError} if the vector has another length
 */
export function parameterBlocks(
  parameters: Value,
  stack: Stack,
): readonly Block[] {
  const { hidden, projected, mode } = stack;
  const rows = RNN_KINDS[mode].gates.length * hidden;
  const out = projected ?? hidden;
  const widths = featuresOf(stack);
  const perBlock = rows * out + (projected ?? 0) * hidden + 2 * rows;
  const total = widths.reduce((n, width) => n + rows * width + perBlock, 0);
  const vector = vectorOf(parameters, total);
  let at = 0;
  const cut = (...shape: readonly number[]) => {
    const begin = at;
    at += shape.reduce((product, extent) => product * extent, 1);
    return reshape(slice(vector, [{ axis: 0, begin, end: at }]), shape);
  };
  const weights = widths.map((width) => ({
    inputWeight: cut(rows, width),
    stateWeight: cut(rows, out),
    projection: projected === undefined ? undefined : cut(projected, hidden),
  }));
  const biases = () => ({ inputBias: cut(rows), stateBias: cut(rows) });
  return weights.map((block) => ({ ...block, ...biases() }));
}

/** What each layer and direction is fed: the data, then the layer before. */
function featuresOf(stack: Stack): readonly number[] {
  const { layers, directions, inputSize, projected, hidden } = stack;
  return Array.from(
    { length: layers * directions },
    (_, i) => i < directions ? inputSize : directions * (projected ?? hidden),
  );
}

function vectorOf(parameters: Value, total: number): Value {
  if (!Number.isSafeInteger(total)) {
    throw new ConversionError(`it would have ${total} parameters`);
  }
  return cast(expectVector(parameters, "parameters", total), "float32");
}
