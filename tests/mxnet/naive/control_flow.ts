/**
 * Loops and branches.
 *
 * @module
 */

import { at, build, extents, map, sum, uniform } from "./array.ts";
import type { Samplers } from "./sample.ts";

/** A node of a graph inside a node: operator, inputs, attributes. */
type Node = readonly [string, readonly number[], Record<string, string>?];

function graphOf(nodes: readonly Node[], heads: readonly number[]): unknown {
  return {
    nodes: nodes.map(([op, inputs, attrs = {}], i) => ({
      op,
      name: `inner${i}`,
      attrs,
      inputs: inputs.map((input) => [input, 0, 0]),
    })),
    arg_nodes: nodes.flatMap(([op], i) => op === "null" ? [i] : []),
    heads: heads.map((head) => [head, 0, 0]),
  };
}

const VARIABLE: Node = ["null", []];

/** Loops and branches. */
export const controlFlowSamplers: Samplers = {
  // state ← state · k + element; the result is the new state doubled
  _foreach: (random) => {
    const shape = extents(random, [1, 3]);
    const steps = random.int(1, 4);
    const data = uniform(random, [steps, ...shape]);
    const state = uniform(random, shape);
    const factor = uniform(random, shape);
    const states = [state];
    for (let i = 0; i < steps; i++) {
      const last = states.at(-1)!;
      states.push(
        map(
          last,
          (n, index) => n * at(factor, index) + at(data, [i, ...index]),
        ),
      );
    }
    return {
      attributes: {
        num_args: 4,
        num_outputs: 2,
        num_out_data: 1,
        in_data_locs: "[2]",
        in_state_locs: "[0]",
        remain_locs: "[1]",
      },
      inputs: [data, state, factor],
      outputs: [
        build(data.shape, ([i, ...index]) => 2 * at(states[i! + 1]!, index)),
        states.at(-1)!,
      ],
      subgraphs: [graphOf([
        VARIABLE,
        VARIABLE,
        ["elemwise_mul", [0, 1]],
        VARIABLE,
        ["elemwise_add", [2, 3]],
        ["_mul_scalar", [4], { scalar: "2" }],
      ], [5, 4])],
      tolerance: { atol: 1e-3, rtol: 1e-3 },
    };
  },
  // while the sum is below 6: state ← state + 1; the result is the state before
  _while_loop: (random) => {
    const start = uniform(random, extents(random, [1, 2]), [0, 1]);
    const most = random.int(1, 6);
    const states = [start];
    while (states.length <= most && sum(states.at(-1)!.data) < 6) {
      states.push(map(states.at(-1)!, (n) => n + 1));
    }
    const count = states.length - 1;
    return {
      attributes: {
        num_args: 3,
        num_outputs: 2,
        num_out_data: 1,
        max_iterations: most,
        cond_input_locs: "[0]",
        func_input_locs: "[0]",
        func_var_locs: "[0]",
      },
      inputs: [start],
      outputs: [
        build(
          [most, ...start.shape],
          ([i, ...index]) => i! < count ? at(states[i!]!, index) : 0,
        ),
        states.at(-1)!,
      ],
      subgraphs: [
        graphOf([
          VARIABLE,
          ["sum", [0]],
          ["_lesser_scalar", [1], { scalar: "6" }],
        ], [2]),
        graphOf([
          VARIABLE,
          ["_copy", [0]],
          ["_plus_scalar", [0], { scalar: "1" }],
        ], [1, 2]),
      ],
    };
  },
  // x + y if the condition holds, x − y otherwise
  _cond: (random) => {
    const shape = extents(random, [1, 3]);
    const [x, y] = [uniform(random, shape), uniform(random, shape)];
    const holds = random.int(0, 1);
    const pair = (operator: string) =>
      graphOf([VARIABLE, VARIABLE, [operator, [0, 1]]], [2]);
    return {
      attributes: {
        num_args: 6,
        num_outputs: 1,
        cond_input_locs: "[0]",
        then_input_locs: "[1, 2]",
        else_input_locs: "[1, 2]",
      },
      inputs: [build([1], () => holds), x, y],
      outputs: [map(x, (n, i) => n + (holds === 1 ? 1 : -1) * at(y, i))],
      subgraphs: [
        graphOf([VARIABLE, ["_copy", [0]]], [1]),
        pair("elemwise_add"),
        pair("elemwise_sub"),
      ],
    };
  },
};
