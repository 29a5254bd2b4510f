import assert from "node:assert/strict";
import { convertCheckpoint } from "../../src/mxnet/mod.ts";
import { memorySink, sourceOf } from "./support/memory.ts";
import { NO_PARAMS } from "./support/run_checkpoint.ts";

const variable = (name: string) => ({ op: "null", name, inputs: [] });

/** A loop over `x` whose body is one operator on an element and the state. */
function loopOf(operator: string, subgraphs?: readonly unknown[]): string {
  const body = {
    nodes: [variable("element"), variable("state"), {
      op: operator,
      name: "inner",
      inputs: [[0, 0], [1, 0]],
    }],
    heads: [[2, 0], [2, 0]],
  };
  return JSON.stringify({
    nodes: [variable("x"), variable("s"), {
      op: "_foreach",
      name: "loop",
      attrs: {
        in_data_locs: "[0]",
        in_state_locs: "[1]",
        remain_locs: "[]",
        num_out_data: "1",
        num_outputs: "2",
      },
      inputs: [[0, 0], [1, 0]],
      subgraphs: subgraphs ?? [body],
    }],
    heads: [[2, 1]],
    attrs: { mxnet_version: ["int", 10901] },
  });
}

async function convert(symbol: string, steps: number): Promise<unknown> {
  return await convertCheckpoint({
    symbol,
    params: sourceOf(NO_PARAMS),
    paramsName: "model.params",
    inputs: [
      { name: "x", shape: [steps, 1], dataType: "float32" },
      { name: "s", shape: [1], dataType: "float32" },
    ],
  }, memorySink());
}

Deno.test("a loop", async (t) => {
  await t.step("of more steps than a graph can have is refused", async () => {
    await assert.rejects(
      convert(loopOf("elemwise_add"), 10_000_000),
      /node "loop" \("_foreach"\): its 10000000 steps come to more than 50000 nodes/,
    );
  });
  await t.step("with an unknown operator inside names it", async () => {
    await assert.rejects(
      convert(loopOf("_contrib_unheard_of"), 2),
      /operators are not supported: "_contrib_unheard_of" \(1\)/,
    );
  });
  await t.step("names the node inside that cannot be converted", async () => {
    await assert.rejects(
      convert(loopOf("Convolution"), 2),
      /"loop" \("_foreach"\): inside it, node "inner" \("Convolution"\): attribute kernel/,
    );
  });
  await t.step("without a body says so", async () => {
    await assert.rejects(
      convert(loopOf("elemwise_add", []), 2),
      /it has 0 subgraphs, it would have to have 1/,
    );
  });
  await t.step("with a body that is no graph is not read", async () => {
    await assert.rejects(
      convert(loopOf("elemwise_add", [{ nodes: [] }]), 2),
      /a subgraph of node 2 "loop" lacks "nodes" or "heads"/,
    );
  });
});
