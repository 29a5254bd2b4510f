import assert from "node:assert/strict";
import {
  impliedInputType,
  readSignature,
  type Signature,
} from "../../../src/archive/mod.ts";
import { tempFolder } from "../../support/temp.ts";

/** Reads a signature with this content. */
async function read(content: unknown): Promise<Signature> {
  await using temp = await tempFolder();
  await temp.write("signature.json", JSON.stringify(content));
  const signature = await readSignature(temp.path);
  return signature!;
}

const INPUT = { data_name: "data", data_shape: [0, 3, 8, 8] };

Deno.test("readSignature()", async (t) => {
  await t.step("reads what the original has", async () => {
    const signature = await read({
      inputs: [INPUT],
      input_type: "image/jpeg",
      outputs: [{ data_name: "softmax", data_shape: [0, 10] }],
      output_type: "application/json",
    });
    assert.deepEqual(signature, {
      inputs: [{
        name: "data",
        shape: [0, 3, 8, 8],
        dataType: undefined,
        preprocess: undefined,
      }],
      inputType: "image/jpeg",
      outputs: [{ name: "softmax", shape: [0, 10], softmax: false }],
      outputType: "application/json",
      top: 5,
    });
  });

  await t.step("needs no more than inputs", async () => {
    const signature = await read({ inputs: [INPUT], extra: true });
    assert.equal(signature.inputType, undefined);
    assert.equal(signature.outputType, undefined);
    assert.deepEqual(signature.outputs, []);
  });

  await t.step("takes shape for data_shape", async () => {
    const signature = await read({
      inputs: [{ data_name: "data", shape: [0, 5] }],
      outputs: [{ data_name: "out" }],
    });
    assert.deepEqual(signature.inputs[0]?.shape, [0, 5]);
    assert.equal(signature.outputs[0]?.shape, undefined);
  });

  await t.step("reads the extensions", async () => {
    const signature = await read({
      inputs: [{
        ...INPUT,
        data_type: "uint8",
        preprocess: {
          layout: "NHWC",
          channels: "BGR",
          resize: 256,
          crop: [224, 225],
          interpolation: "linear",
          scale: 0.5,
          mean: [1, 2, 3],
          std: [4, 5, 6],
          orientation: "ignore",
        },
      }],
      outputs: [{ data_name: "out", softmax: true }],
      top: 3,
    });
    assert.equal(signature.top, 3);
    assert.equal(signature.outputs[0]?.softmax, true);
    assert.equal(signature.inputs[0]?.dataType, "uint8");
    assert.deepEqual(signature.inputs[0]?.preprocess, {
      layout: "NHWC",
      channels: "BGR",
      resize: 256,
      crop: [224, 225],
      interpolation: "linear",
      scale: [0.5],
      mean: [1, 2, 3],
      std: [4, 5, 6],
      orientation: "ignore",
    });
  });

  await t.step("fills an empty preprocess as the original does", async () => {
    const { inputs } = await read({ inputs: [{ ...INPUT, preprocess: {} }] });
    assert.deepEqual(inputs[0]?.preprocess, {
      layout: "NCHW",
      channels: "RGB",
      resize: undefined,
      crop: undefined,
      interpolation: "cubic",
      scale: [1],
      mean: [0],
      std: [1],
      orientation: "honour",
    });
  });

  await t.step("answers undefined where there is none", async () => {
    await using temp = await tempFolder();
    assert.equal(await readSignature(temp.path), undefined);
  });
});

const preprocess = (value: unknown) => ({
  inputs: [{ ...INPUT, preprocess: value }],
});

const WRONG: readonly (readonly [unknown, string])[] = [
  [[], "it is [], an object would be right"],
  [{}, "inputs is missing, a list would be right"],
  [{ inputs: [] }, "inputs is [], one or more would be right"],
  [{ inputs: ["data"] }, 'inputs[0] is "data", an object would be right'],
  [
    { inputs: [{ data_shape: [1] }] },
    "inputs[0].data_name is missing, a text would be right",
  ],
  [
    { inputs: [{ data_name: "data" }] },
    "inputs[0].data_shape is missing, a list would be right",
  ],
  [
    { inputs: [{ data_name: "data", data_shape: [1, -1] }] },
    "inputs[0].data_shape[1] is -1, a whole number of 0 or more would be right",
  ],
  [
    { inputs: [{ data_name: "data", data_shape: [1.5] }] },
    "inputs[0].data_shape[0] is 1.5, a whole number of 0 or more would be right",
  ],
  [
    { inputs: [INPUT, INPUT] },
    'inputs[1].data_name is "data", a name of its own would be right',
  ],
  [
    { inputs: [INPUT], input_type: "image/png" },
    'input_type is "image/png", "image/jpeg" or "application/json" would be right',
  ],
  [
    { inputs: [{ ...INPUT, data_type: "float" }] },
    'inputs[0].data_type is "float", "float32" or "float64"',
  ],
  [{ inputs: [INPUT], top: 0 }, "top is 0, a whole number of 1 or more"],
  [
    { inputs: [INPUT], outputs: [{ data_name: "a", softmax: 1 }] },
    "outputs[0].softmax is 1, true or false would be right",
  ],
  [
    preprocess({ crop: [1, 2, 3] }),
    "inputs[0].preprocess.crop is [1,2,3], [height, width] would be right",
  ],
  [
    preprocess({ mena: [1] }),
    'inputs[0].preprocess has no "mena", "layout", "channels", "resize", "crop", "interpolation", "scale", "mean", "std", "orientation" would be right',
  ],
  [
    preprocess({ mean: [1, 2] }),
    "inputs[0].preprocess.mean is [1,2], one number or 3 of them would be right",
  ],
  [
    preprocess({ channels: "GRAY", mean: [1, 2, 3] }),
    "inputs[0].preprocess.mean is [1,2,3], one number would be right",
  ],
  [
    preprocess({ std: [1, 0, 1] }),
    "inputs[0].preprocess.std is [1,0,1], anything but 0 would be right",
  ],
  [
    preprocess({ interpolation: "lanczos" }),
    'inputs[0].preprocess.interpolation is "lanczos", "nearest" or',
  ],
];

Deno.test("readSignature() says what is wrong in", async (t) => {
  for (const [content, reason] of WRONG) {
    await t.step(
      JSON.stringify(content),
      () =>
        assert.rejects(read(content), (error: Error) => {
          const expected = `Cannot read "signature.json": ${reason}`;
          assert.equal(error.message.slice(0, expected.length), expected);
          return true;
        }),
    );
  }
});

Deno.test("impliedInputType() takes for an image", async (t) => {
  const typeOf = (...shapes: readonly (readonly number[])[]) =>
    impliedInputType(shapes.map((shape) => ({ shape, preprocess: undefined })));

  await t.step("one input of rank 4 with 1 or 3 channels", () => {
    assert.equal(typeOf([0, 3, 8, 8]), "image/jpeg");
    assert.equal(typeOf([1, 1, 0, 0]), "image/jpeg");
  });

  await t.step("nothing else", () => {
    assert.equal(typeOf([0, 4, 8, 8]), "application/json");
    assert.equal(typeOf([0, 3, 8]), "application/json");
    assert.equal(typeOf([0, 3, 8, 8], [0, 1]), "application/json");
    assert.equal(typeOf([]), "application/json");
  });
});
