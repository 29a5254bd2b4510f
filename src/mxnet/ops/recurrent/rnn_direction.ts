import {
  concat,
  constantOf,
  filled,
  gather,
  reshape,
  squeeze,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { RNN_KINDS, type RnnMode } from "./rnn_kinds.ts";
import type { Block } from "./rnn_parameters.ts";
import { withProjection } from "./rnn_projection.ts";

/** One layer in one direction; all values are float32. */
export interface Direction extends Block {
  readonly mode: RnnMode;
  readonly hidden: number;
  readonly reverse: boolean;
  /** [1, batch, state]; zeros if absent, like `cell`. */
  readonly state: Value | undefined;
  readonly cell: Value | undefined;
  /** Steps per item, int32; all if absent. */
  readonly lengths: Value | undefined;
}

/** What one layer in one direction makes. */
export interface DirectionRun {
  /** [time, batch, state] */
  readonly output: Value;
  /** [1, batch, state], after the last step */
  readonly state: Value;
  /** [1, batch, hidden], of LSTM only */
  readonly cell: Value | undefined;
}

/** Runs one layer in one direction over data of shape [time, batch, features]. */
export function runDirection(data: Value, direction: Direction): DirectionRun {
  return direction.projection === undefined
    ? runPlain(data, direction)
    : withProjection(data, direction, direction.projection, runPlain);
}

function runPlain(data: Value, direction: Direction): DirectionRun {
  const { mode, hidden, reverse, lengths, cell } = direction;
  const { operator, attributes } = RNN_KINDS[mode];
  const [time, batch] = data.dims;
  const end = { type: "float32" as const, dims: [1, batch!, hidden] };
  const hasCell = mode === "lstm";
  const [output, state, lastCell] = data.graph.emit(operator, [
    data,
    unsqueeze(inOnnxOrder(direction.inputWeight, direction), [0]),
    unsqueeze(inOnnxOrder(direction.stateWeight, direction), [0]),
    unsqueeze(biasOf(direction), [0]),
    lengths,
    firstState(data, direction),
    ...(hasCell ? [cell] : []),
  ], {
    outputs: [
      { type: "float32", dims: [time!, 1, batch!, hidden] },
      end,
      ...(hasCell ? [end] : []),
    ],
    attributes: {
      ...attributes,
      hidden_size: { int: hidden },
      direction: { string: reverse ? "reverse" : "forward" },
    },
  });
  return { output: squeeze(output!, [1]), state: state!, cell: lastCell };
}

/** A cell that is given needs a state that is given, too. */
function firstState(
  { graph, dims }: Value,
  { state, cell, hidden }: Direction,
): Value | undefined {
  if (state !== undefined || cell === undefined) return state;
  const shape = [1, dims[1]!, hidden];
  return filled(graph, { type: "float32", dims: shape, number: 0 });
}

function biasOf(direction: Direction): Value {
  const parts = [direction.inputBias, direction.stateBias];
  return concat(parts.map((part) => inOnnxOrder(part, direction)), 0);
}

/** Returns rows, of which each gate has `hidden`, in ONNX's order of gates. */
function inOnnxOrder(x: Value, { mode, hidden }: Direction): Value {
  const gates: readonly number[] = RNN_KINDS[mode].gates;
  if (gates.length === 1) return x;
  const rest = x.dims.slice(1);
  const order = constantOf(x.graph, {
    type: "int64",
    shape: [gates.length],
    numbers: gates,
  });
  const byGate = reshape(x, [gates.length, hidden, ...rest]);
  return reshape(gather(byGate, 0, order), x.dims);
}
