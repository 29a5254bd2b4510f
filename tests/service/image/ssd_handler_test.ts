import assert from "node:assert/strict";
import { openFolder } from "../../../src/archive/mod.ts";
import { SsdHandler } from "../../../src/service/image/ssd_handler.ts";
import { loadService, type Prediction } from "../../../src/service/mod.ts";
import type { Feeds } from "../../../src/tensor/mod.ts";
import { root } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp.ts";
import { imageBinding, imageInput, request } from "./support/bindings.ts";
import { png } from "./support/png_writer.ts";

const EXAMPLE = `${root}/fixtures/examples/object-detection`;

/** 5 pixels wide, 2 high. */
const PICTURE = png({
  width: 5,
  height: 2,
  colour: 0,
  bits: 8,
  samples: Array(10).fill(9),
});

function json({ body }: Prediction): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

/** What the graph gives: `[1, boxes, 6]`. */
function detections(...boxes: readonly (readonly number[])[]): Feeds {
  const data = Float32Array.from(boxes.flat());
  return {
    scores: { type: "float32", shape: [1, boxes.length, 6], data },
  };
}

async function answer(outputs: Feeds, labels: readonly string[] = []) {
  const handler = new SsdHandler(imageBinding(), labels);
  const inputs = request({ body: PICTURE });
  await handler.preprocess(inputs);
  return json(handler.postprocess(outputs, inputs));
}

Deno.test("mms:ssd", async (t) => {
  await t.step(
    "answers in pixels of the picture, cut off to whole ones",
    async () => {
      assert.deepEqual(
        await answer(detections([1, 0.9, 0.1, 0.4, 0.79, 0.99]), [
          "cat",
          "dog",
        ]),
        [["dog", 0, 0, 3, 1]],
      );
      assert.deepEqual(
        await answer(detections([0, 0.9, -0.3, -0.4, 1.5, 2])),
        [["0", -1, 0, 7, 4]],
      );
    },
  );

  await t.step(
    "leaves out what shows nothing or scores 0.2 or less",
    async () => {
      const all = detections(
        [-1, 0.9, 0, 0, 1, 1],
        [0, 0.1, 0, 0, 1, 1],
        [7, 0.21, 0, 0, 1, 1],
        [0, 0.5, 0, 0, 1, 0.5],
      );
      assert.deepEqual(await answer(all, ["cat"]), [
        ["7", 0, 0, 5, 2],
        ["cat", 0, 0, 5, 1],
      ]);
    },
  );

  await t.step(
    "takes the picture from its own field, body or data",
    async () => {
      for (const field of ["data", "body"]) {
        const handler = new SsdHandler(imageBinding(), []);
        const feeds = await handler.preprocess(request({ [field]: PICTURE }));
        assert.deepEqual(feeds["graph_data"]!.shape, [1, 3, 2, 2]);
      }
    },
  );

  await t.step("says what output it cannot read", async () => {
    const data = new Float32Array(4);
    await assert.rejects(
      answer({ scores: { type: "float32", shape: [1, 4], data } }),
      {
        code: "prediction_failed",
        message:
          'Cannot read detections from output "scores": it is [1,4] of float32, [1, boxes, 6] would be right',
      },
    );
  });

  await t.step("wants a graph with one picture", () => {
    const inputs = [imageInput(), imageInput({ field: "b", name: "b" })];
    assert.throws(() => new SsdHandler(imageBinding({ inputs }), []), {
      code: "invalid_model",
      message:
        "Cannot detect objects: the graph takes 2 inputs, one picture would be right",
    });
  });

  await t.step(
    "finds on MXNet's own graph what the picture shows, alone and in a batch",
    async () => {
      await using cache = await tempFolder();
      const archive = await openFolder(`${EXAMPLE}/model`);
      await using service = await loadService(archive, {
        threads: 1,
        handler: "mms:ssd",
        cacheFolder: cache.path,
      });
      const picture = await Deno.readFile(`${EXAMPLE}/blocks.png`);
      const batch = [picture, PICTURE, picture];
      const settled = await service.predict(
        batch.map((body) => request({ body })),
      );
      const found = [
        ["blue", 80, 60, 160, 120],
        ["red", 0, 30, 40, 60],
        ["green", 80, 0, 120, 30],
      ];
      assert.deepEqual(
        settled.map((it) => it.status === "fulfilled" && json(it.value)),
        [found, [], found],
      );
    },
  );
});
