/**
 * Decoding and resizing of pictures: `deno bench -A tests/bench/image_bench.ts`.
 *
 * @module
 */

import imagescript from "imagescript";
import { decodePixels } from "../../src/service/image/decode_image.ts";
import { encodeJpeg } from "../../src/service/image/mozjpeg.ts";
import {
  type Interpolation,
  layOut,
  resize,
  softmax,
  topK,
} from "../../src/tensor/mod.ts";
import { resizeCubic } from "../../src/tensor/resize_cubic.ts";
import { SimdCubicResizer } from "../../src/tensor/resize_cubic_simd.ts";
import { sharedFolder } from "../support/shared.ts";
import { noise } from "../tensor/support/pictures.ts";

/** A JPEG of 640×427: a photo where there is one, else smooth noise. */
const jpeg = sharedFolder !== undefined
  ? await Deno.readFile(`${sharedFolder}/images/3dogs.jpg`)
  : await encodeJpeg(smooth(640, 427));

const simd = SimdCubicResizer.create()!;
const small = noise(224, 168);
const photo = noise(640, 427);
const large = noise(720, 720);
const logits = Float32Array.from({ length: 1000 }, (_, i) => (i * 37) % 101);

function smooth(width: number, height: number) {
  const planes = resize(noise(40, 30), {
    width,
    height,
    interpolation: "cubic",
  });
  const { data } = layOut(planes, {
    layout: "NHWC",
    channels: "RGB",
    crop: undefined,
    scale: [1],
    mean: [0],
    std: [1],
  });
  const pixels = new Uint8Array(4 * width * height);
  data.forEach((value, i) => {
    pixels[4 * Math.floor(i / 3) + i % 3] = value;
  });
  return { width, height, data: pixels };
}

Deno.bench("mozjpeg", { group: "JPEG 640×427", baseline: true }, async () => {
  using _ = await decodePixels(jpeg);
});

Deno.bench("imagescript", { group: "JPEG 640×427" }, async () => {
  await imagescript.Image.decode(jpeg);
});

for (const [name, source] of Object.entries({ small, photo, large })) {
  const group = `${name}: ${source.width}×${source.height} to 224×224`;
  Deno.bench("SIMD", { group, baseline: true }, () => {
    simd.resize(source, 224, 224);
  });
  Deno.bench("TypeScript", { group }, () => {
    resizeCubic(source, 224, 224);
  });
}

for (const interpolation of ["nearest", "linear", "area"] as Interpolation[]) {
  Deno.bench(`${interpolation} 640×427 to 224×224`, () => {
    resize(photo, { width: 224, height: 224, interpolation });
  });
}

const planes = resize(photo, {
  width: 256,
  height: 256,
  interpolation: "cubic",
});

Deno.bench("crop, scale, mean and std to 224×224", () => {
  layOut(planes, {
    layout: "NCHW",
    channels: "RGB",
    crop: [224, 224],
    scale: [1 / 255],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  });
});

Deno.bench("softmax and top 5 of 1000", () => {
  topK(softmax(logits, 1000), 5);
});
