import { ConversionError } from "../conversion_error.ts";
import { cast, concat, slice } from "../emit/emit.ts";
import { type Dims, fixedDim, showDims } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { expectShape } from "./expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";
import { runDirection } from "./rnn_direction.ts";
import { RNN_MODES } from "./rnn_kinds.ts";
import { parameterBlocks, type Stack } from "./rnn_parameters.ts";

/** Recurrent layers. */
export const recurrent: OperatorFamily = {
  title: "Recurrent layers",
  operators: {
    RNN: {
      convert: rnn,
      inputs: ["data", "parameters", "state", "state_cell", "sequence_length"],
      outputs: ["output", "state_output", "statecell_output"],
    },
  },
};

const MAX_LAYERS = 1000;

function stackOf({ attributes }: OperatorCall, data: Value): Stack {
  if (data.rank !== 3) {
    throw new ConversionError(
      `data has shape ${
        showDims(data.dims)
      }, it would have to be [time, batch, features]`,
    );
  }
  const layers = attributes.requiredInt("num_layers");
  const hidden = attributes.requiredInt("state_size");
  if (layers < 1 || layers > MAX_LAYERS || hidden < 1) {
    throw new ConversionError(`it has ${layers} layers of ${hidden}`);
  }
  return {
    mode: attributes.choice("mode", RNN_MODES),
    layers,
    directions: attributes.bool("bidirectional", false) ? 2 : 1,
    hidden,
    projected: attributes.optionalInt("projection_size"),
    inputSize: fixedDim(data.dims[2]!, "the number of features"),
  };
}

function rnn(call: OperatorCall): readonly Value[] {
  const { attributes, inputs } = call;
  const data = input(call, 0);
  const stack = stackOf(call, data);
  const states = statesOf(call, stack, data);
  const blocks = parameterBlocks(input(call, 1), stack);
  const lengths = attributes.bool("use_sequence_length", false)
    ? inputs[stack.mode === "lstm" ? 4 : 3]
    : undefined;
  const lastStates: Value[] = [];
  const lastCells: Value[] = [];
  let layerInput = cast(data, "float32");
  for (let layer = 0; layer < stack.layers; layer++) {
    const runs = Array.from({ length: stack.directions }, (_, d) => {
      const index = layer * stack.directions + d;
      return runDirection(layerInput, {
        ...blocks[index]!,
        mode: stack.mode,
        hidden: stack.hidden,
        reverse: d === 1,
        state: stateAt(states[0], index),
        cell: stateAt(states[1], index),
        lengths: lengths && cast(lengths, "int32"),
      });
    });
    layerInput = concat(runs.map(({ output }) => output), 2);
    lastStates.push(...runs.map(({ state }) => state));
    lastCells.push(...runs.flatMap(({ cell }) => cell ?? []));
  }
  const output = cast(layerInput, data.type);
  if (!attributes.bool("state_outputs", false)) return [output];
  const ends = lastCells.length > 0 ? [lastStates, lastCells] : [lastStates];
  return [output, ...ends.map((end) => cast(concat(end, 0), data.type))];
}

/** Initial states; `undefined` where they are zeros, as ONNX assumes. */
function statesOf(
  call: OperatorCall,
  { mode, layers, directions, hidden, projected }: Stack,
  data: Value,
): readonly (Value | undefined)[] {
  const batch = data.dims[1]!;
  const count = layers * directions;
  const shape = (size: number): Dims => [count, batch, size];
  const stated = (index: number, what: string, size: number) => {
    const value = expectShape(input(call, index), what, shape(size));
    return value.fill === 0 ? undefined : cast(value, "float32");
  };
  const state = stated(2, "state", projected ?? hidden);
  return mode === "lstm" ? [state, stated(3, "state_cell", hidden)] : [state];
}

function stateAt(states: Value | undefined, index: number): Value | undefined {
  return states && slice(states, [{ axis: 0, begin: index, end: index + 1 }]);
}
