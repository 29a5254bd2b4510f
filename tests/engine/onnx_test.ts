import assert from "node:assert/strict";
import { onnxEngine } from "../../src/engine/mod.ts";
import type { Tensor } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";
import { onnxModel } from "../support/onnx_model.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";

const DIGITS = `${root}/fixtures/digits/onnx/digits.onnx`;

const TENSORS: readonly Tensor[] = [
  { type: "float32", shape: [2, 1], data: Float32Array.of(0.5, -1) },
  { type: "float64", shape: [2, 1], data: Float64Array.of(0.1, NaN) },
  { type: "float16", shape: [2, 1], data: Uint16Array.of(0x3c00, 0xfc00) },
  { type: "int8", shape: [2, 1], data: Int8Array.of(-128, 1) },
  { type: "uint8", shape: [2, 1], data: Uint8Array.of(255, 1) },
  { type: "int16", shape: [2, 1], data: Int16Array.of(-32768, 1) },
  { type: "uint16", shape: [2, 1], data: Uint16Array.of(65535, 1) },
  { type: "int32", shape: [2, 1], data: Int32Array.of(-(2 ** 31), 1) },
  { type: "uint32", shape: [2, 1], data: Uint32Array.of(2 ** 32 - 1, 1) },
  { type: "int64", shape: [2, 1], data: BigInt64Array.of(-(2n ** 63n), 1n) },
  {
    type: "uint64",
    shape: [2, 1],
    data: BigUint64Array.of(2n ** 64n - 1n, 1n),
  },
  { type: "bool", shape: [2, 1], data: Uint8Array.of(1, 0) },
  { type: "string", shape: [2, 1], data: ["ä", ""] },
];

for (const tensor of TENSORS) {
  Deno.test(`Session.run() carries ${tensor.type} there and back`, async () => {
    await using folder = await tempFolder();
    const value = { type: tensor.type, shape: ["N", 1] };
    const model = onnxModel({
      inputs: [{ name: "x", ...value }],
      outputs: [{ name: "y", ...value }],
      nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
    });
    const path = await folder.write("identity.onnx", model);
    await using session = await onnxEngine().load(path, { threads: 1 });
    assert.deepEqual(session.inputs, [{ name: "x", ...value }]);
    assert.deepEqual(await session.run({ x: tensor }), { y: tensor });
  });
}

Deno.test("Session.run() gives the probabilities that the digits came with", async () => {
  const expected = JSON.parse(
    await Deno.readTextFile(`${root}/fixtures/digits/expected.json`),
  ).random.probabilities;
  const bytes = await Deno.readFile(`${root}/fixtures/digits/random4.f32`);
  await using session = await onnxEngine().load(DIGITS, { threads: 1 });
  const { softmax } = await session.run({
    data: {
      type: "float32",
      shape: [4, 3, 32, 32],
      data: new Float32Array(bytes.buffer),
    },
  });
  assert.deepEqual(softmax!.shape, [4, 10]);
  assertClose(softmax!.data as Float32Array, expected.flat(), { atol: 1e-5 });
});

Deno.test("Session.run() refuses feeds that do not fit", async (t) => {
  await using session = await onnxEngine().load(DIGITS, { threads: 1 });
  const refused: readonly [string, Tensor | undefined, RegExp][] = [
    [
      "none",
      undefined,
      /^Cannot run graph "digits\.onnx": .*'data' is missing/,
    ],
    [
      "another rank",
      { type: "float32", shape: [1], data: new Float32Array(1) },
      /Invalid rank for input: data Got: 1 Expected: 4/,
    ],
    [
      "another type",
      { type: "int8", shape: [1, 3, 32, 32], data: new Int8Array(3072) },
      /Unexpected input data type/,
    ],
  ];
  for (const [what, data, message] of refused) {
    await t.step(what, async () => {
      await assert.rejects(session.run(data === undefined ? {} : { data }), {
        code: "bad_request",
        message,
      });
    });
  }
});

Deno.test("Engine.load() says of what is no graph that it is none", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("text.onnx", "not a graph");
  await assert.rejects(onnxEngine().load(path, { threads: 1 }), {
    code: "invalid_model",
    message:
      `Cannot load graph "${path}": it is not an ONNX file, or a damaged one`,
  });
});

Deno.test("Engine.load() says of an empty file that it is empty", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("empty.onnx", "");
  await assert.rejects(onnxEngine().load(path, { threads: 1 }), {
    code: "invalid_model",
    message: `Cannot load graph "${path}": it is empty`,
  });
});
