import assert from "node:assert/strict";
import { openFolder } from "../../../src/archive/mod.ts";
import { ImageInput } from "../../../src/service/image/image_input.ts";
import { loadService } from "../../../src/service/mod.ts";
import { assertClose } from "../../support/close.ts";
import { sharedTest } from "../../support/shared.ts";
import { tempFolder } from "../../support/temp.ts";
import { planesToRgb } from "../../tensor/support/pictures.ts";
import { imageInput, request } from "./support/bindings.ts";

/** One class as it is answered. */
interface Ranked {
  readonly probability: number;
  readonly class: string;
}

/** What MXNet 1.9.1 made of some pictures. */
interface Expected {
  readonly images: Readonly<
    Record<string, {
      readonly top5: readonly Ranked[];
      readonly resized_sum: number;
    }>
  >;
}

async function resized(path: string, size: number): Promise<Uint8Array> {
  const input = new ImageInput(imageInput({ shape: [0, 3, size, size] }));
  const { data } = await input.tensor(await Deno.readFile(path));
  return planesToRgb({
    width: size,
    height: size,
    data: data as Float32Array<ArrayBuffer>, // as the input asks
  });
}

sharedTest(
  "image service gives SqueezeNet the original's bytes",
  async (folder, t) => {
    const model = `${folder}/models/squeezenet_v1.1`;
    const { images }: Expected = JSON.parse(
      await Deno.readTextFile(`${model}/expected.json`),
    );
    for (const [name, { resized_sum }] of Object.entries(images)) {
      await t.step(`${name}: their sum`, async () => {
        const rgb = await resized(`${folder}/images/${name}`, 224);
        assert.equal(rgb.reduce((sum, value) => sum + value, 0), resized_sum);
      });
    }
    await t.step("kitten_small.jpg: every one", async () => {
      assert.deepEqual(
        await resized(`${folder}/images/kitten_small.jpg`, 224),
        await Deno.readFile(`${model}/kitten_small.224x224.rgb`),
      );
    });
  },
);

sharedTest(
  "image service gives CIFAR ResNet-20 the original's bytes",
  async (folder, t) => {
    const model = `${folder}/models/cifar_resnet20_v1`;
    for (
      const [picture, reference] of Object.entries({
        "dog.jpg": "dog.32x32.rgb",
        "plane-draw.jpeg": "plane-draw.32x32.rgb",
      })
    ) {
      await t.step(picture, async () => {
        assert.deepEqual(
          await resized(`${folder}/images/${picture}`, 32),
          await Deno.readFile(`${model}/${reference}`),
        );
      });
    }
  },
);

sharedTest(
  "image service answers with SqueezeNet as the original, to 0.01",
  async (folder, t) => {
    const model = `${folder}/models/squeezenet_v1.1`;
    const { images }: Expected = JSON.parse(
      await Deno.readTextFile(`${model}/expected.json`),
    );
    await using copy = await tempFolder();
    for (
      const name of ["squeezenet_v1.1.onnx", "signature.json", "synset.txt"]
    ) {
      await copy.write(name, await Deno.readFile(`${model}/${name}`));
    }
    const archive = await openFolder(copy.path, {});
    await using service = await loadService(archive, { threads: 1 });
    for (const [name, { top5 }] of Object.entries(images)) {
      await t.step(`${name}: ${top5[0]!.class}`, async () => {
        const body = await Deno.readFile(`${folder}/images/${name}`);
        const [result] = await service.predict([request({ body })]);
        assert.equal(result!.status, "fulfilled");
        const answer = (result as PromiseFulfilledResult<{ body: Uint8Array }>)
          .value.body;
        const ranked: readonly Ranked[] = JSON.parse(
          new TextDecoder().decode(answer),
        );
        assert.deepEqual(
          ranked.map((it) => it.class),
          top5.map((it) => it.class),
        );
        assertClose(
          ranked.map((it) => it.probability),
          top5.map((it) => it.probability),
          { atol: 0.01 },
        );
      });
    }
  },
);
