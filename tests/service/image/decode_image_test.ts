import assert from "node:assert/strict";
import { MmsError } from "../../../src/errors.ts";
import {
  decodeImage,
  decodePixels,
} from "../../../src/service/image/decode_image.ts";
import { assertClose } from "../../support/close.ts";
import { sharedTest } from "../../support/shared.ts";
import { toRgb } from "../../tensor/support/pictures.ts";
import { plainJpeg } from "./support/jpeg_writer.ts";
import { SAMPLES } from "./support/samples.ts";

for (
  const [kind, { file, width, height, rgb, tolerance = 0 }] of Object.entries(
    SAMPLES,
  )
) {
  Deno.test(`decodeImage() decodes a ${kind}`, async () => {
    const image = await decodeImage(file);
    assert.deepEqual([image.width, image.height], [width, height]);
    assert.equal(image.channels, 3);
    assert.equal(image.data.length, 3 * width * height);
    assertClose(image.data.subarray(0, rgb.length), rgb, { atol: tolerance });
  });
}

Deno.test("decodePixels() has four bytes for each pixel", async () => {
  const { file, rgb } = SAMPLES["RGB PNG"]!;
  const pixels = await decodePixels(file);
  assert.equal(pixels.data.length, 16);
  assert.deepEqual([...toRgb(pixels)], rgb);
});

Deno.test("decodeImage() of no bytes says so as the original does", async () => {
  await assert.rejects(
    decodeImage(new Uint8Array()),
    new MmsError("bad_request", "Empty image input"),
  );
});

const NO_PICTURES: Readonly<Record<string, Uint8Array>> = {
  "a text": new TextEncoder().encode("not a picture"),
  "one byte": Uint8Array.of(0xff),
  "a PDF": new TextEncoder().encode("%PDF-1.7"),
  "zeros": new Uint8Array(1000),
};

for (const [what, bytes] of Object.entries(NO_PICTURES)) {
  Deno.test(`decodeImage() of ${what} names what it decodes`, async () => {
    await assert.rejects(
      decodeImage(bytes),
      new MmsError(
        "bad_request",
        "Corrupted image input: it is no JPEG, PNG, GIF, BMP, TIFF or WebP by its first bytes",
      ),
    );
  });
}

Deno.test("decodeImage() reads a part of a larger buffer", async () => {
  for (const { file, width } of Object.values(SAMPLES)) {
    const larger = new Uint8Array(file.length + 7);
    larger.set(file, 3);
    const part = larger.subarray(3, 3 + file.length);
    assert.equal((await decodeImage(part)).width, width);
  }
});

Deno.test("decodeImage() does not change what it reads", async () => {
  for (const { file } of Object.values(SAMPLES)) {
    const before = file.slice();
    await decodeImage(file);
    assert.deepEqual(file, before);
  }
});

Deno.test("decodeImage() decodes many at once", async () => {
  const samples = Object.values(SAMPLES);
  const images = await Promise.all(
    samples.map(({ file }) => decodeImage(file)),
  );
  assert.deepEqual(
    images.map(({ width, height }) => [width, height]),
    samples.map(({ width, height }) => [width, height]),
  );
});

Deno.test("decodeImage() goes on after files that made decoders fail", async () => {
  for (const { file, width } of Object.values(SAMPLES)) {
    const damaged = file.slice();
    damaged.fill(0xff, Math.floor(file.length / 2));
    await decodeImage(damaged).catch(() => {});
    assert.equal((await decodeImage(file)).width, width);
  }
});

Deno.test("decodeImage() leaves no global location behind", async () => {
  await decodeImage(plainJpeg({ blocks: [[[1]]] }));
  assert.equal(globalThis.location, undefined);
});

sharedTest(
  "decodeImage() gives the original's pixels for kitten_small.jpg",
  async (folder) => {
    const file = await Deno.readFile(`${folder}/images/kitten_small.jpg`);
    const { data } = await decodeImage(file);
    const expected = await Deno.readFile(
      `${folder}/models/squeezenet_v1.1/kitten_small.decoded.rgb`,
    );
    assert.deepEqual(data, expected);
  },
);
