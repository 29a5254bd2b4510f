import assert from "node:assert/strict";
import { openFolder } from "../../../src/archive/mod.ts";
import { ImageInput } from "../../../src/service/image/image_input.ts";
import { loadService, type Service } from "../../../src/service/mod.ts";
import { assertClose } from "../../support/close.ts";
import { root } from "../../support/paths.ts";
import { imageInput, request } from "./support/bindings.ts";

/** One class as it is answered. */
interface Ranked {
  readonly probability: number;
  readonly class: string;
}

/** What MXNet 1.9.1 made of the pictures. */
interface Expected {
  readonly tolerance: { readonly png: number; readonly jpeg: number };
  readonly images: Readonly<
    Record<string, {
      readonly probabilities: readonly number[];
      readonly top5: readonly Ranked[];
      /** Of the resized pixels. */
      readonly pixels_sum: number;
    }>
  >;
}

const FOLDER = `${root}/fixtures/digits`;
const expected: Expected = JSON.parse(
  Deno.readTextFileSync(`${FOLDER}/expected.json`),
);

async function classify(
  service: Service,
  picture: Uint8Array,
): Promise<readonly Ranked[]> {
  const [result] = await service.predict([request({ body: picture })]);
  assert.equal(result!.status, "fulfilled");
  const { body } = (result as PromiseFulfilledResult<{ body: Uint8Array }>)
    .value;
  return JSON.parse(new TextDecoder().decode(body));
}

Deno.test("image service on the digits", async (t) => {
  const archive = await openFolder(`${FOLDER}/onnx`, {});
  await using service = await loadService(archive, { threads: 1 });
  for (const [name, { top5 }] of Object.entries(expected.images)) {
    const isPng = name.endsWith(".png");
    const atol = isPng ? expected.tolerance.png : expected.tolerance.jpeg;
    await t.step(`answers ${name} as the original, to ${atol}`, async () => {
      const picture = await Deno.readFile(`${FOLDER}/images/${name}`);
      const ranked = await classify(service, picture);
      assertClose(
        ranked.map((it) => it.probability),
        top5.map((it) => it.probability),
        { atol },
      );
      assert.equal(ranked[0]!.class, top5[0]!.class);
      if (isPng) {
        assert.deepEqual(
          ranked.map((it) => it.class),
          top5.map((it) => it.class),
        );
      }
    });
  }
});

Deno.test("ImageInput resizes the digits to the original's pixels", async (t) => {
  const input = new ImageInput(imageInput({ shape: [0, 3, 32, 32] }));
  for (const [name, { pixels_sum }] of Object.entries(expected.images)) {
    await t.step(name, async () => {
      const picture = await Deno.readFile(`${FOLDER}/images/${name}`);
      const { data } = await input.tensor(picture);
      const sum = (data as Float32Array).reduce((sum, value) => sum + value, 0);
      assert.equal(sum, pixels_sum);
    });
  }
});
