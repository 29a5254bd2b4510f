import assert from "node:assert/strict";
import type { ModelArchive } from "../../src/archive/mod.ts";
import { type Inputs, loadService } from "../../src/service/mod.ts";
import { type ModelSource, onnxModel } from "../support/onnx_model.ts";
import { tempFolder } from "../support/temp.ts";

const decoder = new TextDecoder();

/** y = x + x, row by row. */
const DOUBLE: ModelSource = {
  inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
  outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
  nodes: [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
};

function archive(path: string): ModelArchive {
  return {
    name: "test",
    folder: path.slice(0, path.lastIndexOf("/")),
    manifest: {
      specificationVersion: "1.0",
      runtime: "python",
      modelName: "test",
      modelVersion: undefined,
      description: undefined,
      handler: "mms:json",
      engine: undefined,
      files: { symbol: undefined, parameters: undefined, signature: undefined },
      raw: undefined,
    } as ModelArchive["manifest"],
    signature: undefined,
    labels: [],
    graph: { format: "onnx", path },
  };
}

function request(json: string): Inputs {
  const data = new TextEncoder().encode(json);
  return {
    requestId: json,
    headers: {},
    fields: new Map([["body", { contentType: "application/json", data }]]),
  };
}

/** Answers as text, failures as `code`, and how often the graph ran. */
async function predict(
  source: ModelSource,
  bodies: readonly string[],
): Promise<{ readonly answers: readonly string[]; readonly runs: number }> {
  await using folder = await tempFolder();
  const path = await folder.write("model.onnx", onnxModel(source));
  await using service = await loadService(archive(path), { threads: 1 });
  let runs = 0;
  const settled = await service.predict(bodies.map(request), (stage) => {
    if (stage === "run") runs++;
  });
  const answers = settled.map((one) =>
    one.status === "fulfilled"
      ? decoder.decode(one.value.body)
      : String(one.reason.code)
  );
  return { answers, runs };
}

Deno.test("GraphService runs a batch at once where the batch axis is free", async () => {
  const { answers, runs } = await predict(DOUBLE, ["[[1,2]]", "[[3,4]]"]);
  assert.deepEqual(answers, ["[[[2,4]]]", "[[[6,8]]]"]);
  assert.equal(runs, 1);
});

Deno.test("GraphService gives each request the rows that it sent", async () => {
  const { answers, runs } = await predict(DOUBLE, ["[[1,1],[2,2]]", "[[3,3]]"]);
  assert.deepEqual(answers, ["[[[2,2],[4,4]]]", "[[[6,6]]]"]);
  assert.equal(runs, 1);
});

Deno.test("GraphService fails only the request that cannot be read", async () => {
  const { answers } = await predict(DOUBLE, ["[[1,2]]", "[[1]]", "[[3,4]]"]);
  assert.deepEqual(answers, ["[[[2,4]]]", "bad_request", "[[[6,8]]]"]);
});

Deno.test("GraphService runs requests one by one where the batch is 1", async () => {
  const fixed: ModelSource = {
    ...DOUBLE,
    inputs: [{ name: "x", type: "float32", shape: [1, 2] }],
    outputs: [{ name: "y", type: "float32", shape: [1, 2] }],
  };
  const { answers, runs } = await predict(fixed, ["[[1,2]]", "[[3,4]]"]);
  assert.deepEqual(answers, ["[[[2,4]]]", "[[[6,8]]]"]);
  assert.equal(runs, 2);
});

Deno.test("GraphService fills up a fixed batch with zeros", async () => {
  const fixed: ModelSource = {
    ...DOUBLE,
    inputs: [{ name: "x", type: "float32", shape: [3, 2] }],
    outputs: [{ name: "y", type: "float32", shape: [3, 2] }],
  };
  const { answers, runs } = await predict(fixed, [
    "[[1,2]]",
    "[[3,4]]",
    "[[5,6]]",
    "[[7,8]]",
  ]);
  assert.deepEqual(answers, [
    "[[[2,4]]]",
    "[[[6,8]]]",
    "[[[10,12]]]",
    "[[[14,16]]]",
  ]);
  assert.equal(runs, 2);
});

Deno.test("GraphService leaves inputs as they are that are no batch", async () => {
  const filled: ModelSource = {
    inputs: [
      { name: "x", type: "float32", shape: ["N", 2] },
      { name: "shape", type: "int64", shape: [2] },
    ],
    outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
    nodes: [
      { op: "ConstantOfShape", inputs: ["shape"], outputs: ["zeros"] },
      { op: "Add", inputs: ["x", "zeros"], outputs: ["y"] },
    ],
  };
  const { answers } = await predict(filled, ['{"x":[[3,4]],"shape":[1,2]}']);
  assert.deepEqual(answers, ["[[[3,4]]]"]);
});

Deno.test("GraphService groups requests whose other extents differ", async () => {
  const free: ModelSource = {
    ...DOUBLE,
    inputs: [{ name: "x", type: "float32", shape: ["N", "W"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", "W"] }],
  };
  const { answers, runs } = await predict(free, ["[[1]]", "[[1,2]]", "[[3]]"]);
  assert.deepEqual(answers, ["[[[2]]]", "[[[2,4]]]", "[[[6]]]"]);
  assert.equal(runs, 2);
});

Deno.test("GraphService runs one by one a graph that mixes its rows", async () => {
  // Claims a free first axis for an output that is the sum of all rows.
  const mixing: ModelSource = {
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "y", type: "float32", shape: ["M", 1] }],
    nodes: [{ op: "ReduceSum", inputs: ["x"], outputs: ["y"] }],
  };
  const { answers } = await predict(mixing, ["[[1,2]]", "[[3,4]]"]);
  assert.deepEqual(answers, ["[[[3]]]", "[[[7]]]"]);
});

Deno.test("GraphService answers with every output in order", async () => {
  const two: ModelSource = {
    inputs: DOUBLE.inputs,
    outputs: [
      { name: "b", type: "float32", shape: ["N", 2] },
      { name: "a", type: "float32", shape: ["N", 2] },
    ],
    nodes: [
      { op: "Identity", inputs: ["x"], outputs: ["a"] },
      { op: "Neg", inputs: ["x"], outputs: ["b"] },
    ],
  };
  const { answers } = await predict(two, ["[[1,2]]"]);
  assert.deepEqual(answers, ["[[[-1,-2]],[[1,2]]]"]);
});
