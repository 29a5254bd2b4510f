import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import {
  type CheckpointInput,
  convertCheckpoint,
} from "../../src/mxnet/mod.ts";
import type { Feeds, Tensor } from "../../src/tensor/mod.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { memorySink, sourceOf } from "./support/memory.ts";
import {
  floatBytes,
  writeParams,
  type WrittenArray,
} from "./support/params_writer.ts";
import {
  NO_PARAMS,
  runCheckpoint,
  type TestCheckpoint,
} from "./support/run_checkpoint.ts";
import { writeSymbol } from "./support/symbol_writer.ts";

const DATA: CheckpointInput = { name: "data", shape: [0, 2] };
const weight = (name: string, ...numbers: readonly number[]): WrittenArray => ({
  name,
  shape: [numbers.length / 2, 2],
  bytes: floatBytes(...numbers),
});
const bias = (name: string, ...numbers: readonly number[]): WrittenArray => ({
  name,
  shape: [numbers.length],
  bytes: floatBytes(...numbers),
});
const floats = (
  shape: readonly number[],
  ...numbers: readonly number[]
): Tensor => ({
  type: "float32",
  shape,
  data: Float32Array.from(numbers),
});

async function run(checkpoint: TestCheckpoint, feeds: Feeds) {
  const folder = await Deno.makeTempDir();
  try {
    return await runCheckpoint(checkpoint, feeds, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function rejects(
  checkpoint: TestCheckpoint,
  message: RegExp,
): Promise<void> {
  const { params = NO_PARAMS } = checkpoint;
  const converted = convertCheckpoint({
    ...checkpoint,
    params: sourceOf(params),
    paramsName: "net-0000.params",
  }, memorySink());
  await assert.rejects(converted, (error) => {
    assert.ok(error instanceof MmsError, String(error));
    assert.equal(error.code, "invalid_model");
    assert.match(error.message, message);
    return true;
  });
}

const DENSE = writeSymbol([
  "data",
  "fc_weight",
  "fc_bias",
  ["FullyConnected", "fc", [0, 1, 2], { num_hidden: 1 }],
]);
const DENSE_PARAMS = writeParams([
  weight("arg:fc_weight", 1, 2),
  bias("arg:fc_bias", 10),
]);

Deno.test("convertCheckpoint() takes weights from the file or into the graph", async () => {
  for (const weights of ["external", "inline"] as const) {
    const checkpoint = {
      symbol: DENSE,
      params: DENSE_PARAMS,
      inputs: [DATA],
      weights,
    };
    const { graph, outputs } = await run(checkpoint, {
      data: floats([2, 2], 1, 1, 2, 3),
    });
    assert.deepEqual(numbersOf(outputs[0]!), [13, 18]);
    assert.equal(graph.external, weights === "external");
    assert.equal(graph.batch, "free");
    assert.deepEqual(graph.inputs, [{
      name: "data",
      type: "float32",
      shape: ["N", 2],
    }]);
    assert.deepEqual(graph.outputs, [{
      name: "fc_output",
      type: "float32",
      shape: ["N", 1],
    }]);
  }
});

Deno.test("convertCheckpoint() widens half-precision weights", async () => {
  const one = { float16: 0x3c00, bfloat16: 0x3f80 };
  for (const [type, flag] of [["float16", 2], ["bfloat16", 12]] as const) {
    const params = writeParams([
      {
        name: "fc_weight",
        shape: [1, 2],
        flag,
        bytes: new Uint8Array(Uint16Array.of(one[type], one[type]).buffer),
      },
      bias("fc_bias", 0.5),
    ]);
    const { graph, outputs } = await run({
      symbol: DENSE,
      params,
      inputs: [DATA],
    }, { data: floats([1, 2], 3, 4) });
    assert.deepEqual(numbersOf(outputs[0]!), [7.5]);
    assert.equal(graph.outputs[0]!.type, "float32");
  }
});

Deno.test("convertCheckpoint() finds the shape of inputs without a signature", async () => {
  const { graph, outputs } = await run(
    { symbol: DENSE, params: DENSE_PARAMS },
    { data: floats([1, 2], 1, 2) },
  );
  assert.deepEqual(graph.inputs[0]!.shape, ["N", 2]);
  assert.deepEqual(numbersOf(outputs[0]!), [15]);
});

Deno.test("convertCheckpoint() takes an unknown input for the only one there is", async () => {
  const { graph } = await run(
    {
      symbol: DENSE,
      params: DENSE_PARAMS,
      inputs: [{ name: "input_0", shape: [1, 2] }],
    },
    { data: floats([1, 2], 1, 2) },
  );
  assert.equal(graph.inputs[0]!.name, "data");
  assert.match(
    graph.warnings.join(),
    /"input_0" is not in the graph and taken for "data"/,
  );
});

Deno.test("convertCheckpoint() names parameters that the graph does not use, with the nearest", async () => {
  const { graph } = await run(
    {
      symbol: DENSE,
      params: writeParams([
        weight("fc_weight", 1, 2),
        bias("fc_bias", 1),
        weight("fc_wieght", 1, 2),
      ]),
      inputs: [DATA],
    },
    { data: floats([1, 2], 1, 2) },
  );
  assert.match(
    graph.warnings.join(),
    /does not use "fc_wieght" \(nearest: "fc_weight"\) of "model\.params"/,
  );
});

Deno.test("convertCheckpoint() leaves out heads that compute a loss", async () => {
  const symbol = writeSymbol([
    "data",
    "softmax_label",
    ["SoftmaxOutput", "softmax", [0, 1]],
    ["elemwise_sub", "difference", [0, 1]],
    ["MakeLoss", "loss", [3]],
  ], [[2, 0], [4, 0]]);
  const { graph, outputs } = await run({ symbol, inputs: [DATA] }, {
    data: floats([1, 2], 1, 1),
  });
  assert.deepEqual(graph.outputs.map(({ name }) => name), ["softmax_output"]);
  assert.deepEqual(numbersOf(outputs[0]!), [0.5, 0.5]);
  assert.match(graph.warnings.join(), /head "loss" computes a loss/);
});

Deno.test("convertCheckpoint() leaves out labels, even those in the signature", async () => {
  const symbol = writeSymbol([
    "data",
    "label",
    ["Reshape", "flat", [1], { shape: [-1] }],
    ["SoftmaxOutput", "softmax", [0, 2]],
  ]);
  const inputs = [DATA, { name: "label", shape: [0, 1] }];
  const { graph } = await run({ symbol, inputs }, {
    data: floats([1, 2], 1, 1),
  });
  assert.deepEqual(graph.inputs.map(({ name }) => name), ["data"]);
  assert.match(graph.warnings.join(), /"label" is a label/);
});

Deno.test("convertCheckpoint() keeps a head whose label is an input", async () => {
  const symbol = writeSymbol(["data", "label", ["elemwise_sub", "d", [0, 1]]]);
  const inputs = [DATA, { name: "label", shape: [0, 2] }];
  const { outputs } = await run({ symbol, inputs }, {
    data: floats([1, 2], 5, 5),
    label: floats([1, 2], 1, 2),
  });
  assert.deepEqual(numbersOf(outputs[0]!), [4, 3]);
});

Deno.test("convertCheckpoint() makes states that are no inputs zeros of the right shape", async () => {
  const symbol = writeSymbol([
    "data",
    "w",
    "b",
    "lstm_begin_state_0",
    "hw",
    "hb",
    ["FullyConnected", "i2h", [0, 1, 2], { num_hidden: 1 }],
    ["FullyConnected", "h2h", [3, 4, 5], { num_hidden: 1 }],
    ["elemwise_add", "sum", [6, 7]],
    ["Concat", "both", [8, 3], { dim: 1 }],
  ]);
  const params = writeParams([
    weight("w", 1, 1),
    bias("b", 0),
    weight("hw", 9, 9),
    bias("hb", 7),
  ]);
  const { graph, outputs } = await run(
    { symbol, params, inputs: [DATA] },
    { data: floats([3, 2], 1, 2, 3, 4, 5, 6) },
  );
  assert.equal(graph.batch, "free");
  assert.deepEqual(numbersOf(outputs[0]!), [10, 0, 0, 14, 0, 0, 18, 0, 0]);
});

Deno.test("convertCheckpoint() joins the parts that save_rnn_checkpoint leaves", async () => {
  const symbol = writeSymbol([
    "data",
    "g_i2h_weight",
    "g_i2h_bias",
    ["FullyConnected", "fc", [0, 1, 2], { num_hidden: 3 }],
  ]);
  const params = writeParams(["r", "z", "o"].flatMap((gate, i) => [
    weight(`g_i2h_${gate}_weight`, i, i),
    bias(`g_i2h_${gate}_bias`, i),
  ]));
  const { outputs } = await run({ symbol, params, inputs: [DATA] }, {
    data: floats([1, 2], 1, 1),
  });
  assert.deepEqual(numbersOf(outputs[0]!), [0, 3, 6]);
});

Deno.test("convertCheckpoint() finds parameters that lost their network's prefix", async () => {
  const symbol = writeSymbol([
    "data",
    "net0_fc_weight",
    "net0_fc_bias",
    ["FullyConnected", "fc", [0, 1, 2], { num_hidden: 1 }],
  ]);
  const params = writeParams([weight("fc_weight", 1, 2), bias("fc_bias", 10)]);
  const { graph } = await run({ symbol, params, inputs: [DATA] }, {
    data: floats([1, 2], 1, 1),
  });
  assert.match(
    graph.warnings.join(),
    /"net0_fc_weight" is taken from "fc_weight"/,
  );
});

Deno.test("convertCheckpoint() fixes the batch where the graph does, and says why", async () => {
  const symbol = writeSymbol(["data", ["Reshape", "flat", [0], {
    shape: [4],
  }]]);
  const { graph } = await run(
    { symbol, inputs: [{ name: "data", shape: [2, 2] }] },
    { data: floats([2, 2], 1, 2, 3, 4) },
  );
  assert.ok(graph.batch !== "free");
  assert.equal(graph.batch.fixed, 2);
  assert.match(
    graph.batch.reason,
    /node "flat".*\[any, 2\] cannot become \[4\]/,
  );
  assert.deepEqual(graph.inputs[0]!.shape, [2, 2]);
});

Deno.test("convertCheckpoint() leaves any extent open that the signature does", async () => {
  const symbol = writeSymbol([
    "data",
    ["Pooling", "pool", [0], {
      kernel: [2, 2],
      stride: [2, 2],
      pool_type: "avg",
    }],
  ]);
  const inputs = [{ name: "data", shape: [0, 1, 0, 0] }];
  for (const size of [2, 4]) {
    const data = floats([1, 1, size, size], ...new Array(size * size).fill(3));
    const { graph, outputs } = await run({ symbol, inputs }, { data });
    assert.deepEqual(graph.inputs[0]!.shape, ["N", 1, "data_2", "data_3"]);
    assert.deepEqual(outputs[0]!.shape, [1, 1, size / 2, size / 2]);
  }
});

Deno.test("convertCheckpoint() gives outputs MXNet's names, each once", async () => {
  const symbol = writeSymbol([
    "data",
    ["SliceChannel", "cut", [0], { num_outputs: 2 }],
    ["Dropout", "drop", [0]],
  ], [[1, 0], [1, 1], [2, 0], [0, 0], [1, 0]]);
  const { graph, outputs } = await run({ symbol, inputs: [DATA] }, {
    data: floats([1, 2], 1, 2),
  });
  assert.deepEqual(
    graph.outputs.map(({ name }) => name),
    ["cut_output0", "cut_output1", "drop_output", "data", "cut_output0_1"],
  );
  assert.deepEqual(outputs.map(numbersOf), [[1], [2], [1, 2], [1, 2], [1]]);
});

Deno.test("convertCheckpoint() says all that stands against a conversion", async (t) => {
  const dense = { symbol: DENSE, inputs: [DATA] };
  const cases: readonly (readonly [string, TestCheckpoint, RegExp])[] = [
    ["operators that are not supported, all at once", {
      symbol: writeSymbol(["data", ["Foo", "a", [0]], ["Bar", "b", [1]], [
        "Foo",
        "c",
        [2],
      ]]),
    }, /operators are not supported: "Foo" \(2\), "Bar" \(1\)/],
    ["quantized graphs", {
      symbol: writeSymbol(["data", ["_contrib_quantized_conv", "a", [0]]]),
    }, /quantized graph, convert the float checkpoint/],
    ["Custom operators", {
      symbol: writeSymbol(["data", ["Custom", "a", [0]]]),
    }, /written in Python/],
    [
      "several kinds of operators, with advice for each",
      {
        symbol: writeSymbol([
          "data",
          ["_npi_svd", "a", [0]],
          ["sgd_update", "b", [1]],
          ["_image_random_hue", "c", [2]],
        ]),
      },
      /"_npi_svd" \(1\), .*; ONNX has no factorisations .*; operators of optimisers .*; random changes of images/,
    ],
    [
      "parameters that are missing, with the nearest",
      {
        ...dense,
        params: writeParams([weight("fc_weigth", 1, 2), bias("fc_bias", 1)]),
      },
      /needs "fc_weight" \(nearest: "fc_weigth"\) and "net-0000.params" lacks/,
    ],
    ["parameters of imperative Gluon", {
      ...dense,
      params: writeParams([weight("0.weight", 1, 2), bias("0.bias", 1)]),
    }, /save_parameters.*HybridBlock.export/],
    [
      "parameters of another shape",
      {
        ...dense,
        params: writeParams([
          weight("fc_weight", 1, 2, 3, 4),
          bias("fc_bias", 1),
        ]),
      },
      /node "fc" \("FullyConnected"\): weight "fc_weight" has shape \[2, 2\], it would have to be \[1, 2\]/,
    ],
    ["inputs that are not there", {
      ...dense,
      params: DENSE_PARAMS,
      inputs: [DATA, { name: "dta", shape: [1] }],
    }, /the graph has no input "dta" \(nearest: "data"\)/],
    [
      "attributes that break their rules",
      {
        symbol: writeSymbol(["data", ["Pooling", "p", [0], {
          kernel: "(3, x)",
        }]]),
        inputs: [{ name: "data", shape: [0, 3, 8, 8] }],
      },
      /node "p" \("Pooling"\): attribute kernel is "\(3, x\)", it would have to be a list/,
    ],
    ["graphs of losses alone", {
      symbol: writeSymbol(["data", "label", ["CTCLoss", "ctc", [0, 1]]]),
    }, /every head computes a loss/],
    ["shapes that nothing tells", {
      symbol: writeSymbol(["data", ["relu", "r", [0]]]),
    }, /the shape of data does not follow/],
  ];
  for (const [name, checkpoint, message] of cases) {
    await t.step(name, () => rejects(checkpoint, message));
  }
});
