import assert from "node:assert/strict";
import { onnxEngine } from "../../src/engine/mod.ts";
import type { Tensor } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";
import { root } from "../support/paths.ts";
import { sharedTest } from "../support/shared.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { runCheckpoint } from "./support/run_checkpoint.ts";

Deno.test("the digits fixture's checkpoint gives what MXNet gave for it", async () => {
  const folder = `${root}/fixtures/digits`;
  const expected = JSON.parse(
    await Deno.readTextFile(`${folder}/expected.json`),
  );
  const { shape, probabilities } = expected.random;
  const feed = await floats(`${folder}/random4.f32`, shape);
  const outputs = await runModel(`${folder}/mxnet/digits`, feed, [
    0,
    3,
    32,
    32,
  ]);
  assertClose(numbersOf(outputs), probabilities.flat(), { atol: 1e-5 });
});

sharedTest("cifar_resnet20_v1 gives what MXNet gave for it", async (shared) => {
  const folder = `${shared}/models/cifar_resnet20_v1`;
  const expected = JSON.parse(
    await Deno.readTextFile(`${folder}/expected.json`),
  );
  const { shape, output, file } = expected.random;
  const feed = await floats(`${folder}/${file}`, shape);
  const path = `${folder}/cifar_resnet20_v1`;
  const outputs = await runModel(path, feed, [0, 3, 32, 32]);
  assertClose(numbersOf(outputs), output.flat(), expected.tolerance);
  for (const name of ["dog.jpg", "plane-draw.jpeg"]) {
    const image = expected.images[name];
    const pixels = await Deno.readFile(`${folder}/${image.pixels_file}`);
    const raw = await runModel(path, planes(pixels, 32), [0, 3, 32, 32]);
    assertClose(numbersOf(raw), image.raw, expected.tolerance);
  }
});

sharedTest(
  "squeezenet_v1.1 gives MXNet's classes and its ONNX file's numbers",
  async (shared) => {
    const folder = `${shared}/models/squeezenet_v1.1`;
    const expected = JSON.parse(
      await Deno.readTextFile(`${folder}/expected.json`),
    );
    const labels = (await Deno.readTextFile(`${folder}/synset.txt`)).split(
      "\n",
    );
    const image = expected.images["kitten_small.jpg"];
    const pixels = await Deno.readFile(`${folder}/${image.resized_file}`);
    const feed = planes(pixels, 224);
    const output = await runModel(`${folder}/squeezenet_v1.1`, feed, [
      0,
      3,
      224,
      224,
    ]);
    const probabilities = numbersOf(output);
    for (const { probability, class: label } of image.top5) {
      assertClose([probabilities[labels.indexOf(label)]!], [probability], {
        atol: 1e-4,
      });
    }
    await using session = await onnxEngine().load(
      `${folder}/squeezenet_v1.1.onnx`,
      { threads: 1 },
    );
    const twin = await session.run({ [session.inputs[0]!.name]: feed });
    const [reference] = Object.values(twin);
    assertClose(probabilities, numbersOf(reference!), { atol: 1e-5 });
  },
);

/** Converts `PREFIX-symbol.json` and `PREFIX-0000.params`, and runs them. */
async function runModel(
  prefix: string,
  data: Tensor,
  shape: readonly number[],
): Promise<Tensor> {
  const folder = await Deno.makeTempDir();
  try {
    const { graph, outputs } = await runCheckpoint(
      {
        symbol: await Deno.readTextFile(`${prefix}-symbol.json`),
        params: await Deno.readFile(`${prefix}-0000.params`),
        inputs: [{ name: "data", shape }],
      },
      { data },
      folder,
    );
    assert.equal(graph.batch, "free");
    return outputs[0]!;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function floats(path: string, shape: readonly number[]): Promise<Tensor> {
  const { buffer } = await Deno.readFile(path);
  return { type: "float32", shape, data: new Float32Array(buffer) };
}

/** RGB pixels, row by row, as [1, 3, size, size]. */
function planes(pixels: Uint8Array, size: number): Tensor {
  const area = size * size;
  const data = Float32Array.from(
    { length: 3 * area },
    (_, i) => pixels[(i % area) * 3 + Math.floor(i / area)]!,
  );
  return { type: "float32", shape: [1, 3, size, size], data };
}
