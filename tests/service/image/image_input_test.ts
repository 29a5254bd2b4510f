import assert from "node:assert/strict";
import type { Preprocess } from "../../../src/archive/mod.ts";
import type { BoundInput } from "../../../src/service/binding.ts";
import {
  ImageInput,
  isImageInput,
} from "../../../src/service/image/image_input.ts";
import { fromHalfBits } from "../../../src/tensor/mod.ts";
import { imageInput, PLAIN } from "./support/bindings.ts";
import { png } from "./support/png_writer.ts";
import { exif } from "./support/tiff_writer.ts";

/** Four colours, two rows of two. */
const COLOURS = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
const PICTURE = png({
  ...{ width: 2, height: 2, colour: 2, bits: 8 },
  samples: COLOURS,
});
const RED = [10, 40, 70, 100];
const GREEN = [20, 50, 80, 110];
const BLUE = [30, 60, 90, 120];

/** A grey picture whose values are 0, 1, 2, … */
function ramp(width: number, height: number): Uint8Array {
  const samples = Array.from({ length: width * height }, (_, i) => i);
  return png({ width, height, colour: 0, bits: 8, samples });
}

const PLACES: readonly [string, Partial<BoundInput>, number[], number[]][] = [
  ["NCHW in R, G, B", {}, [1, 3, 2, 2], [...RED, ...GREEN, ...BLUE]],
  [
    "NHWC by its shape alone",
    { shape: [0, 2, 2, 3] },
    [1, 2, 2, 3],
    COLOURS,
  ],
  [
    "NHWC in B, G, R",
    {
      shape: [0, 2, 2, 3],
      preprocess: { ...PLAIN, layout: "NHWC", channels: "BGR" },
    },
    [1, 2, 2, 3],
    [30, 20, 10, 60, 50, 40, 90, 80, 70, 120, 110, 100],
  ],
  ["one channel as grey", { shape: [0, 1, 2, 2] }, [1, 1, 2, 2], [
    ...[18, 48, 78, 108], // 0.299 R + 0.587 G + 0.114 B
  ]],
  [
    "free extents as the picture has them",
    { shape: [0, 3, 0, 0] },
    [1, 3, 2, 2],
    [...RED, ...GREEN, ...BLUE],
  ],
  [
    "channels that are free as three",
    { shape: [0, 0, 2, 2] },
    [1, 3, 2, 2],
    [...RED, ...GREEN, ...BLUE],
  ],
];

for (const [claim, change, shape, elements] of PLACES) {
  Deno.test(`ImageInput lays out ${claim}`, async () => {
    const tensor = await new ImageInput(imageInput(change)).tensor(PICTURE);
    assert.deepEqual(tensor, {
      type: "float32",
      shape,
      data: Float32Array.from(elements),
    });
  });
}

Deno.test("ImageInput gives uint8 where the graph takes it", async () => {
  const input = new ImageInput(imageInput({ type: "uint8" }));
  const { type, data } = await input.tensor(PICTURE);
  assert.equal(type, "uint8");
  assert.deepEqual(data, Uint8Array.from([...RED, ...GREEN, ...BLUE]));
});

Deno.test("ImageInput gives float16 where the graph takes it", async () => {
  const input = new ImageInput(imageInput({
    type: "float16",
    preprocess: { ...PLAIN, scale: [1 / 256] },
  }));
  const { data } = await input.tensor(PICTURE);
  assert.equal(fromHalfBits(data as Uint16Array)[0], 10 / 256);
});

Deno.test("ImageInput scales, subtracts the mean, divides by std", async () => {
  const input = new ImageInput(imageInput({
    preprocess: { ...PLAIN, scale: [0.5], mean: [5, 0, 0], std: [1, 2, 1] },
  }));
  const { data } = await input.tensor(PICTURE);
  assert.deepEqual([...data].slice(0, 5), [0, 15, 30, 45, 5]);
});

const RESIZED: readonly [string, Partial<Preprocess>, number[]][] = [
  ["a pair of extents", { resize: [2, 3] }, [1, 1, 2, 3]],
  ["its shorter side, the other cut down", { resize: 2 }, [1, 1, 2, 3]],
  ["its shorter side, and cropped", { resize: 2, crop: [1, 2] }, [1, 1, 1, 2]],
  ["nothing, but cropped", { crop: [3, 3] }, [1, 1, 3, 3]],
];

for (const [claim, change, shape] of RESIZED) {
  Deno.test(`ImageInput resizes to ${claim}`, async () => {
    const input = new ImageInput(imageInput({
      shape: [0, 1, 0, 0],
      preprocess: { ...PLAIN, ...change },
    }));
    assert.deepEqual((await input.tensor(ramp(5, 3))).shape, shape);
  });
}

Deno.test("ImageInput crops after resizing", async () => {
  const input = new ImageInput(imageInput({
    shape: [0, 1, 2, 2],
    preprocess: {
      ...{ ...PLAIN, resize: [4, 4], crop: [2, 2] },
      interpolation: "nearest",
    },
  }));
  assert.deepEqual([...(await input.tensor(ramp(4, 4))).data], [5, 6, 9, 10]);
});

Deno.test("ImageInput turns a picture before it resizes it", async () => {
  const file = png({
    ...{ width: 3, height: 1, colour: 0, bits: 8, samples: [1, 2, 3] },
    chunks: [["eXIf", [...exif(6)]]],
  });
  const turned = new ImageInput(imageInput({ shape: [0, 1, 0, 0] }));
  assert.deepEqual((await turned.tensor(file)).shape, [1, 1, 3, 1]);
  const stored = new ImageInput(imageInput({
    shape: [0, 1, 0, 0],
    preprocess: { ...PLAIN, orientation: "ignore" },
  }));
  assert.deepEqual((await stored.tensor(file)).shape, [1, 1, 1, 3]);
});

const REFUSED: readonly [string, Partial<BoundInput>, string][] = [
  ["rank 2", { shape: [0, 10] }, "its shape is [0,10]"],
  ["int64", { type: "int64" }, "its type is int64"],
  [
    "four channels",
    { shape: [0, 4, 2, 2] },
    "it takes 4 channels, RGB in NCHW has 3",
  ],
  [
    "grey for three channels",
    { preprocess: { ...PLAIN, channels: "GRAY" } },
    "it takes 3 channels, GRAY in NCHW has 1",
  ],
  [
    "another size than it takes",
    { preprocess: { ...PLAIN, resize: [2, 3] } },
    "it takes 2 rows of 2, preprocessing makes 2 rows of 3",
  ],
  [
    "a shorter side without a crop",
    { preprocess: { ...PLAIN, resize: 2 } },
    "it takes 2 rows of 2, a picture resized by its shorter side needs a crop to that",
  ],
  [
    "a crop larger than what it is cut from",
    { shape: [0, 3, 0, 0], preprocess: { ...PLAIN, resize: 4, crop: [5, 4] } },
    "5 rows of 4 cannot be cut from what is resized to 4",
  ],
];

for (const [what, change, reason] of REFUSED) {
  Deno.test(`ImageInput refuses ${what}`, () => {
    assert.throws(() => new ImageInput(imageInput(change)), {
      code: "invalid_model",
      message: `Cannot use input "data" for pictures: ${reason}`,
    });
  });
}

Deno.test("ImageInput refuses a picture that is too small to be cropped", async () => {
  const input = new ImageInput(imageInput({
    shape: [0, 3, 0, 0],
    preprocess: { ...PLAIN, crop: [9, 9] },
  }));
  await assert.rejects(input.tensor(PICTURE), {
    code: "bad_request",
    message:
      "Corrupted image input: its 2 × 2 pixels are too few to cut 9 × 9 from",
  });
});

Deno.test("ImageInput refuses a line that would be resized to a wall", async () => {
  const input = new ImageInput(imageInput({
    shape: [0, 1, 0, 0],
    preprocess: { ...PLAIN, resize: 800 },
  }));
  const line = png({
    ...{ width: 5000, height: 1, colour: 0, bits: 1 },
    samples: Array<number>(5000).fill(0),
  });
  await assert.rejects(input.tensor(line), {
    code: "bad_request",
    message:
      "Corrupted image input: its 5000 × 1 pixels would be resized to 4000000 × 800",
  });
});

Deno.test("isImageInput() goes by rank and channels", () => {
  const shapes = [[0, 3, 2, 2], [0, 2, 2, 3], [0, 1, 9, 9], [0, 4, 2, 2], [0]];
  assert.deepEqual(
    shapes.map((shape) => isImageInput(imageInput({ shape }))),
    [true, true, true, false, false],
  );
});
