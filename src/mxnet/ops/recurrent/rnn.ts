import { ConversionError } from "../../conversion_error.ts";
import type { ElementType } from "../../element_type.ts";
import { cast, concat, slice } from "../../emit/emit.ts";
import { type Dims, fixedDim, showDims } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { type DirectionRun, runDirection } from "./rnn_direction.ts";
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
  let output = cast(data, "float32");
  const ends: DirectionRun[] = [];
  for (let layer = 0; layer < stack.layers; layer++) {
    const first = layer * stack.directions;
    const layerInput = output;
    const runs = blocks.slice(first, first + stack.directions).map((block, d) =>
      runDirection(layerInput, {
        ...block,
        mode: stack.mode,
        hidden: stack.hidden,
        reverse: d === 1,
        state: stateAt(states[0], first + d),
        cell: stateAt(states[1], first + d),
        lengths: lengths && cast(lengths, "int32"),
      })
    );
    output = concat(runs.map((run) => run.output), 2);
    ends.push(...runs);
  }
  const result = cast(output, data.type);
  return attributes.bool("state_outputs", false)
    ? [result, ...finalStates(ends, data.type)]
    : [result];
}

function finalStates(
  ends: readonly DirectionRun[],
  type: ElementType,
): readonly Value[] {
  const states = ends.map(({ state }) => state);
  const cells = ends.flatMap(({ cell }) => cell ?? []);
  const kinds = cells.length > 0 ? [states, cells] : [states];
  return kinds.map((values) => cast(concat(values, 0), type));
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
