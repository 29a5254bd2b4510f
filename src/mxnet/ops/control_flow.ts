import { ConversionError } from "../conversion_error.ts";
import {
  concat,
  logic,
  pickIndex,
  reshape,
  scalar,
  truth,
  unsqueeze,
  where,
} from "../emit/emit.ts";
import { fixedDim } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import type { Subgraph } from "../symbol/symbol.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Loops, step by step, and branches, of which both are computed. */
export const controlFlow: OperatorFamily = {
  title: "Control flow",
  operators: {
    _foreach: forEach,
    _while_loop: whileLoop,
    _cond: branch,
  },
};

/** What loops may come to, all their steps together. */
export const MAX_LOOP_NODES = 50_000;

function requireFew(steps: number, graphs: readonly Subgraph[]): void {
  const nodes = graphs.reduce((sum, { order }) => sum + order.length, 0);
  if (steps * nodes <= MAX_LOOP_NODES) return;
  throw new ConversionError(
    `its ${steps} steps come to more than ${MAX_LOOP_NODES} nodes`,
  );
}

/** What one step gives: rows of the results, and states for the next one. */
interface Step {
  readonly rows: readonly Value[];
  readonly states: readonly Value[];
}

function stepOf({ attributes }: OperatorCall, made: readonly Value[]): Step {
  const count = attributes.requiredInt("num_out_data");
  return { rows: made.slice(0, count), states: made.slice(count) };
}

/** Runs the body once for each element of the data along axis 0. */
function forEach(call: OperatorCall): readonly Value[] {
  const { attributes, inputs } = call;
  const [body] = subgraphsOf(call, 1);
  const dataAt = attributes.requiredInts("in_data_locs");
  const statesAt = attributes.requiredInts("in_state_locs");
  const othersAt = attributes.requiredInts("remain_locs");
  const data = inputs.slice(0, dataAt.length);
  const others = inputs.slice(dataAt.length + statesAt.length);
  const length = fixedDim(input(call, 0).dims[0]!, "the number of its steps");
  requireFew(length, [body!]);
  let states = inputs.slice(dataAt.length, dataAt.length + statesAt.length);
  const rows: (readonly Value[])[] = [];
  for (let i = 0; i < length; i++) {
    const given: Value[] = [];
    const place = (values: readonly Value[], at: readonly number[]) =>
      values.forEach((value, k) => given[at[k]!] = value);
    place(data.map((value) => pickIndex(value, 0, i)), dataAt);
    place(states, statesAt);
    place(others, othersAt);
    const step = stepOf(call, call.expand(body!, given));
    rows.push(step.rows);
    states = [...step.states];
  }
  return [...stacked(rows), ...states];
}

const MAX_ITERATIONS = 10_000;

/**
 * Runs the body `max_iterations` times; once the condition fails, states stay
 * as they are and results are 0.
 */
function whileLoop(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const [condition, body] = subgraphsOf(call, 2);
  const conditionAt = attributes.requiredInts("cond_input_locs");
  const bodyAt = attributes.requiredInts("func_input_locs");
  const variablesAt = attributes.requiredInts("func_var_locs").map((place) =>
    bodyAt[place] ?? -1
  );
  const most = attributes.requiredInt("max_iterations");
  if (most < 1 || most > MAX_ITERATIONS) {
    throw new ConversionError(
      `attribute max_iterations is ${most}, it has to be 1 to ${MAX_ITERATIONS}`,
    );
  }
  requireFew(most, [condition!, body!]);
  const slots = [...call.inputs];
  const pick = (at: readonly number[]) => at.map((i) => member(slots, i));
  const rows: (readonly Value[])[] = [];
  let active: Value | undefined;
  for (let i = 0; i < most; i++) {
    const holds = single(call.expand(condition!, pick(conditionAt)));
    const runs = active === undefined ? holds : logic("And", active, holds);
    const step = stepOf(call, call.expand(body!, pick(bodyAt)));
    rows.push(step.rows.map((row) => where(runs, row, scalar(row, 0))));
    for (const [k, place] of variablesAt.entries()) {
      const old = member(slots, place);
      slots[place] = where(runs, member(step.states, k), old);
    }
    active = runs;
  }
  return [...stacked(rows), ...pick(variablesAt)];
}

function branch(call: OperatorCall): readonly Value[] {
  const { attributes, inputs } = call;
  const graphs = subgraphsOf(call, 3);
  const [condition, yes, no] = ["cond", "then", "else"].map((name, i) => {
    const places = attributes.requiredInts(`${name}_input_locs`);
    return call.expand(graphs[i]!, places.map((i) => member(inputs, i)));
  });
  const holds = single(condition!);
  return yes!.map((value, i) => where(holds, value, member(no!, i)));
}

/** Returns a condition, which is one number of any rank, as a truth value. */
function single(heads: readonly Value[]): Value {
  return truth(reshape(member(heads, 0), []));
}

function member(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value !== undefined) return value;
  throw new ConversionError(
    `it refers to value ${index}, there are ${values.length}`,
  );
}

/** Returns the rows of all steps as one value for each result. */
function stacked(steps: readonly (readonly Value[])[]): readonly Value[] {
  const [first = []] = steps;
  return first.map((_, k) =>
    concat(steps.map((rows) => unsqueeze(member(rows, k), [0])), 0)
  );
}

function subgraphsOf(
  { subgraphs }: OperatorCall,
  count: number,
): readonly Subgraph[] {
  if (subgraphs.length === count) return subgraphs;
  throw new ConversionError(
    `it has ${subgraphs.length} subgraphs, it would have to have ${count}`,
  );
}
