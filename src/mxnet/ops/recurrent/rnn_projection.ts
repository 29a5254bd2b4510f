import {
  compare,
  concat,
  constantOf,
  extentScalar,
  matmul,
  rangeOf,
  scalar,
  sub,
  transpose,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import type { Direction, DirectionRun } from "./rnn_direction.ts";

/**
 * Runs an LSTM whose state r = P·m is a projection of its hidden output m, by
 * means of one that has none: the recurrent product R·r is (R·P)·m, and what
 * the first state r₀ gives to the first step is fed as additional features.
 */
export function withProjection(
  data: Value,
  direction: Direction,
  projection: Value,
  run: (data: Value, direction: Direction) => DirectionRun,
): DirectionRun {
  const { stateWeight, state } = direction;
  const plain = {
    ...direction,
    projection: undefined,
    state: undefined,
    stateWeight: matmul(stateWeight, projection),
  };
  const made = state === undefined
    ? run(data, plain)
    : run(...withFirstState(data, plain, { state, stateWeight }));
  const project = transpose(projection, [1, 0]);
  return {
    output: matmul(made.output, project),
    state: matmul(made.state, project),
    cell: made.cell,
  };
}

/** Widens the data by R·r₀ at the first step and zeros at the others. */
function withFirstState(
  data: Value,
  direction: Direction,
  { state, stateWeight }: {
    readonly state: Value;
    readonly stateWeight: Value;
  },
): [Value, Direction] {
  const rows = fixedDim(stateWeight.dims[0]!, "the number of gate rows");
  const given = matmul(state, transpose(stateWeight, [1, 0]));
  const time = rangeOf(data, 0);
  const first = direction.reverse
    ? sub(extentScalar(data, 0), scalar(time, 1))
    : scalar(time, 0);
  const isFirst = unsqueeze(compare("Equal", time, first), [1, 2]);
  const extra = where(isFirst, given, scalar(given, 0));
  const unit = constantOf(data.graph, {
    type: "float32",
    shape: [rows, rows],
    numbers: Array.from(
      { length: rows * rows },
      (_, i) => i % rows === Math.floor(i / rows) ? 1 : 0,
    ),
  });
  return [concat([data, extra], 2), {
    ...direction,
    inputWeight: concat([direction.inputWeight, unit], 1),
  }];
}
