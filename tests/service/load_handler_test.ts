import assert from "node:assert/strict";
import type { MmsError } from "../../src/errors.ts";
import { loadHandler } from "../../src/service/load_handler.ts";
import type { Binding } from "../../src/service/binding.ts";
import type { Prediction } from "../../src/service/mod.ts";
import { type Feeds, softmax } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";
import { imageBinding, imageInput, request } from "./image/support/bindings.ts";
import { png } from "./image/support/png_writer.ts";

const LABELS = ["n01 tench, Tinca", "n02 lynx, catamount", "n03 cat"];
const LOGITS = [0.5, 3, 1];

/** [1, 3]: what the graph gives. */
const OUTPUTS: Feeds = {
  scores: { type: "float32", shape: [1, 3], data: Float32Array.from(LOGITS) },
};

const PROBABILITIES = Array.from(softmax(Float32Array.from(LOGITS), 3));

/** 4 × 1: 0, 60, 120 and 180 of red, nothing else. */
const STRIPES = png({
  width: 4,
  height: 1,
  colour: 2,
  bits: 8,
  samples: [0, 0, 0, 60, 0, 0, 120, 0, 0, 180, 0, 0],
});

function stripes(): Binding {
  return imageBinding({ inputs: [imageInput({ shape: [0, 3, 1, 2] })] });
}

async function answer(service: Parameters<typeof loadHandler>[0]) {
  const parts = { binding: imageBinding(), labels: LABELS, folder: "" };
  const handler = await loadHandler(service, parts);
  return json(await handler.postprocess(OUTPUTS, request({})));
}

function json({ body }: Prediction): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

function ranked(scores: readonly number[]): readonly unknown[] {
  return [1, 2, 0].map((i) => ({
    probability: scores[i],
    class: LABELS[i],
  }));
}

Deno.test("mms:image ranks what the graph gives", async () => {
  assert.deepEqual(await answer("mms:image"), ranked(LOGITS));
});

Deno.test("mms:image-batching answers as mms:image does", async () => {
  assert.deepEqual(await answer("mms:image-batching"), ranked(LOGITS));
});

Deno.test("mms:gluon-image turns logits into probabilities", async () => {
  assert.deepEqual(await answer("mms:gluon-image"), ranked(PROBABILITIES));
});

Deno.test("mms:gluon-base has one list for each row", async () => {
  assert.deepEqual(await answer("mms:gluon-base"), [ranked(PROBABILITIES)]);
});

Deno.test("mms:gluon-alexnet names classes by the second word of their labels", async () => {
  assert.equal(
    JSON.stringify(await answer("mms:gluon-alexnet")),
    JSON.stringify([
      { class: "lynx,", probability: PROBABILITIES[1] },
      { class: "cat", probability: PROBABILITIES[2] },
      { class: "tench,", probability: PROBABILITIES[0] },
    ]),
  );
});

Deno.test("the Gluon services resize linearly and normalise as for ImageNet", async () => {
  for (
    const service of [
      "mms:gluon-base",
      "mms:gluon-image",
      "mms:gluon-alexnet",
    ] as const
  ) {
    const handler = await loadHandler(service, {
      binding: stripes(),
      labels: [],
      folder: "",
    });
    const feeds = await handler.preprocess(request({ body: STRIPES }));
    const [r, g, b] = [
      (value: number) => (value / 255 - 0.485) / 0.229,
      (value: number) => (value / 255 - 0.456) / 0.224,
      (value: number) => (value / 255 - 0.406) / 0.225,
    ] as const;
    // halves of 4 pixels, each the mean of two: cubic would overshoot
    assertClose(
      feeds["graph_data"]!.data as Float32Array,
      [r(30), r(150), g(0), g(0), b(0), b(0)],
      { atol: 1e-5 },
    );
  }
});

Deno.test("the Gluon services do as a signature says that knows better", async () => {
  const own = {
    layout: "NCHW",
    channels: "RGB",
    resize: undefined,
    crop: undefined,
    interpolation: "nearest",
    scale: [2],
    mean: [1],
    std: [1],
    orientation: "honour",
  } as const;
  const inputs = [imageInput({ shape: [0, 3, 1, 4], preprocess: own })];
  const handler = await loadHandler("mms:gluon-image", {
    binding: imageBinding({ inputs }),
    labels: [],
    folder: "",
  });
  const feeds = await handler.preprocess(request({ body: STRIPES }));
  const red = (feeds["graph_data"]!.data as Float32Array).subarray(0, 4);
  assertClose(red, [-1, 119, 239, 359], { atol: 0 });
});

Deno.test("mms:image-batching says in the original's words what is wrong", async () => {
  const handler = await loadHandler("mms:image-batching", {
    binding: imageBinding(),
    labels: [],
    folder: "",
  });
  const broken = request({ body: new TextEncoder().encode("no picture") });
  await assert.rejects(
    async () => await handler.preprocess(broken),
    (error: MmsError) => {
      assert.equal(error.code, "bad_request");
      assert.match(
        error.message,
        /^This request was not processed successfully\. Refer to mms\.log for additional information: Corrupted image input/,
      );
      return true;
    },
  );
});

Deno.test("mms:json answers with every output", async () => {
  assert.deepEqual(await answer("mms:json"), [[LOGITS]]);
});
