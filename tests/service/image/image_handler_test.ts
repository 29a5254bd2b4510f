import assert from "node:assert/strict";
import { MmsError } from "../../../src/errors.ts";
import { decodeImage } from "../../../src/service/image/decode_image.ts";
import { ImageHandler } from "../../../src/service/image/image_handler.ts";
import type { Prediction } from "../../../src/service/mod.ts";
import type { Feeds, Tensor } from "../../../src/tensor/mod.ts";
import { assertClose } from "../../support/close.ts";
import { imageBinding, imageInput, request } from "./support/bindings.ts";
import { png } from "./support/png_writer.ts";

const PICTURE = grey(7);
const OTHER = grey(8);

function grey(value: number): Uint8Array {
  return png({ width: 1, height: 1, colour: 0, bits: 8, samples: [value] });
}

function floats(shape: readonly number[], values: readonly number[]): Tensor {
  return { type: "float32", shape, data: Float32Array.from(values) };
}

/** The first element of each tensor, by its name. */
function firsts(feeds: Feeds): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data }]) => [name, data[0]]),
  );
}

function json({ body }: Prediction): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

const FOUND: readonly [string, Readonly<Record<string, Uint8Array>>][] = [
  ["the field of its name", { data: PICTURE, body: OTHER, other: OTHER }],
  ["the only field", { whatever: PICTURE }],
];

for (const [where, fields] of FOUND) {
  Deno.test(`ImageHandler takes the picture from ${where}`, async () => {
    const handler = new ImageHandler(imageBinding(), []);
    const feeds = await handler.preprocess(request(fields));
    assert.deepEqual(firsts(feeds), { graph_data: 7 });
  });
}

const FALLBACKS: readonly [string, Readonly<Record<string, Uint8Array>>][] = [
  ["body before data", { body: PICTURE, data: OTHER }],
  ["data, if there is no body", { data: PICTURE, note: OTHER }],
];

for (const [where, fields] of FALLBACKS) {
  Deno.test(`ImageHandler takes a picture not sent by name from ${where}`, async () => {
    const binding = imageBinding({
      inputs: [imageInput({ field: "input_0" })],
    });
    const handler = new ImageHandler(binding, []);
    const feeds = await handler.preprocess(request(fields));
    assert.deepEqual(firsts(feeds), { graph_data: 7 });
  });
}

Deno.test("ImageHandler names the fields where it finds no picture", async () => {
  const handler = new ImageHandler(imageBinding(), []);
  await assert.rejects(
    handler.preprocess(request({ a: PICTURE, b: PICTURE })),
    {
      code: "bad_request",
      message: 'Cannot find picture "data": the fields sent are "a", "b"',
    },
  );
  await assert.rejects(handler.preprocess(request({})), {
    code: "bad_request",
    message: 'Cannot find picture "data": nothing was sent',
  });
});

Deno.test("ImageHandler says what the original says of an empty body", async () => {
  const handler = new ImageHandler(imageBinding(), []);
  await assert.rejects(
    handler.preprocess(request({ body: new Uint8Array() })),
    new MmsError("bad_request", "Empty image input"),
  );
});

/** Two pictures, as ArcFace takes them. */
const PAIR = imageBinding({
  inputs: [
    imageInput({ field: "img1", name: "a" }),
    imageInput({ field: "img2", name: "b" }),
  ],
});

Deno.test("ImageHandler takes several pictures by their names", async () => {
  const handler = new ImageHandler(PAIR, []);
  const feeds = await handler.preprocess(
    request({ img2: OTHER, img1: PICTURE }),
  );
  assert.deepEqual(firsts(feeds), { a: 7, b: 8 });
});

Deno.test("ImageHandler says which of several pictures is wrong", async () => {
  const handler = new ImageHandler(PAIR, []);
  const img2 = new TextEncoder().encode("text");
  await assert.rejects(handler.preprocess(request({ img1: PICTURE, img2 })), {
    code: "bad_request",
    message: /^Corrupted image input: .* \(field "img2"\)$/,
  });
  await assert.rejects(handler.preprocess(request({ img1: PICTURE })), {
    message: 'Cannot find picture "img2": the fields sent are "img1"',
  });
});

Deno.test("ImageHandler takes JSON beside a picture", async () => {
  const binding = imageBinding({
    inputs: [
      imageInput(),
      imageInput({ field: "im_info", name: "graph_info", shape: [0, 3] }),
    ],
  });
  const handler = new ImageHandler(binding, []);
  const im_info = new TextEncoder().encode("[[480, 640, 1]]");
  const feeds = await handler.preprocess(request({ data: PICTURE, im_info }));
  assert.deepEqual(firsts(feeds), { graph_data: 7, graph_info: 480 });
});

Deno.test("ImageHandler refuses a graph that takes no pictures", () => {
  const binding = imageBinding({ inputs: [imageInput({ shape: [0, 10] })] });
  assert.throws(() => new ImageHandler(binding, []), {
    code: "invalid_model",
    message: 'Cannot use input "data" for pictures: its shape is [0,10]',
  });
});

Deno.test("ImageHandler answers with the best classes, best first", async () => {
  const handler = new ImageHandler(imageBinding({ top: 2 }), ["a", "b", "c"]);
  const scores = floats([1, 3], [0.25, 2, 0.1]);
  const prediction = await handler.postprocess({ scores });
  assert.equal(prediction.contentType, "application/json");
  assert.deepEqual(json(prediction), [
    { probability: 2, class: "b" },
    { probability: 0.25, class: "a" },
  ]);
});

Deno.test("ImageHandler prints float32 as the double that it is", async () => {
  const handler = new ImageHandler(imageBinding(), ["cat"]);
  const { body } = await handler.postprocess({
    scores: floats([1, 1], [0.8582232594490051]),
  });
  assert.equal(
    new TextDecoder().decode(body),
    '[{"probability":0.8582232594490051,"class":"cat"}]',
  );
});

Deno.test("ImageHandler numbers the classes that have no label", async () => {
  const handler = new ImageHandler(imageBinding(), ["first"]);
  const scores = floats([1, 2], [1, 2]);
  assert.deepEqual(json(await handler.postprocess({ scores })), [
    { probability: 2, class: "1" },
    { probability: 1, class: "first" },
  ]);
});

Deno.test("ImageHandler squeezes extents of 1 behind the classes", async () => {
  const handler = new ImageHandler(imageBinding(), []);
  const scores = floats([1, 2, 1, 1], [1, 2]);
  assert.deepEqual(json(await handler.postprocess({ scores })), [
    { probability: 2, class: "1" },
    { probability: 1, class: "0" },
  ]);
});

Deno.test("ImageHandler makes probabilities where the signature asks", async () => {
  const outputs = [{ name: "scores", softmax: true }];
  const handler = new ImageHandler(imageBinding({ outputs }), []);
  const scores = floats([1, 2], [0, Math.log(3)]);
  const ranked = json(await handler.postprocess({ scores })) as {
    readonly probability: number;
  }[];
  assertClose(ranked.map((it) => it.probability), [0.75, 0.25], { atol: 1e-7 });
});

Deno.test("ImageHandler ranks the first output of several", async () => {
  const outputs = ["scores", "features"].map((name) => ({
    name,
    softmax: false,
  }));
  const handler = new ImageHandler(imageBinding({ outputs }), []);
  const prediction = await handler.postprocess({
    features: floats([1, 3], [7, 8, 9]),
    scores: floats([1, 1], [5]),
  });
  assert.deepEqual(json(prediction), [{ probability: 5, class: "0" }]);
});

Deno.test("ImageHandler answers as the JSON service where it sees no classes", async () => {
  const outputs = ["boxes", "scores"].map((name) => ({ name, softmax: false }));
  const handler = new ImageHandler(imageBinding({ outputs }), []);
  const prediction = await handler.postprocess({
    scores: floats([1, 2], [1, 2]),
    boxes: floats([1, 1, 4], [1, 2, 3, 4]),
  });
  assert.deepEqual(json(prediction), [[[[1, 2, 3, 4]]], [[1, 2]]]);
});

Deno.test("ImageHandler makes probabilities on the last axis as well", async () => {
  const outputs = [{ name: "scores", softmax: true }];
  const handler = new ImageHandler(imageBinding({ outputs }), []);
  const scores = floats([1, 2, 2], [5, 5, 9, 9]);
  assert.deepEqual(json(await handler.postprocess({ scores })), [
    [[[0.5, 0.5], [0.5, 0.5]]],
  ]);
});

Deno.test("ImageHandler does not take whole numbers for scores", async () => {
  const handler = new ImageHandler(imageBinding(), []);
  const scores: Tensor = {
    type: "int64",
    shape: [1, 2],
    data: BigInt64Array.of(3n, 4n),
  };
  assert.deepEqual(json(await handler.postprocess({ scores })), [[[3, 4]]]);
});

Deno.test("ImageHandler answers with a JPEG where the signature says so", async (t) => {
  const handler = new ImageHandler(
    imageBinding({ outputType: "image/jpeg" }),
    [],
  );
  await t.step("in colour", async () => {
    const colour = [[250.4], [-3], [300]].flatMap(([value]) =>
      Array<number>(64).fill(value!)
    );
    const { contentType, body } = await handler.postprocess({
      scores: floats([1, 3, 8, 8], colour),
    });
    assert.equal(contentType, "image/jpeg");
    const { width, height, data } = await decodeImage(body);
    assert.deepEqual([width, height], [8, 8]);
    assertClose(data.subarray(0, 3), [250, 0, 255], { atol: 3 });
  });
  await t.step("in grey", async () => {
    const { body } = await handler.postprocess({
      scores: floats([1, 1, 1, 2], [10, 10]),
    });
    const { width, data } = await decodeImage(body);
    assert.equal(width, 2);
    assertClose(data.subarray(0, 3), [10, 10, 10], { atol: 1 });
  });
  await t.step("and refuses an output that is none", async () => {
    await assert.rejects(
      handler.postprocess({ scores: floats([1, 2], [1, 2]) }),
      {
        code: "prediction_failed",
        message:
          'Cannot answer with output "scores" as a JPEG: it is float32 [1,2], numbers of [1, 3, h, w] or [1, 1, h, w] would be right',
      },
    );
  });
});
