import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type Interpolation,
  type Pixels,
  resize,
} from "../../src/tensor/mod.ts";
import { resizeCubic } from "../../src/tensor/resize_cubic.ts";
import { SimdCubicResizer } from "../../src/tensor/resize_cubic_simd.ts";
import { sharedTest } from "../support/shared.ts";
import { fromRgb, noise, planesToRgb } from "./support/pictures.ts";

type Extents = readonly [number, number];

/**
 * The first 16 digits of the SHA-256 of what MXNet 1.9.1 (OpenCV 3) makes of
 * `noise`, as R, G, B, R, …: source and target extents, bytes by interpolation.
 */
const REFERENCES: readonly [
  Extents,
  Extents,
  Readonly<Record<Interpolation, string>>,
][] = [
  [[23, 17], [1, 1], {
    nearest: "e541d2147a9a119f",
    linear: "9ede08f20bedc040",
    cubic: "9ede08f20bedc040",
    area: "2b0f322db5f703a1",
  }],
  [[23, 17], [9, 5], {
    nearest: "41fc472690c628c2",
    linear: "e0bfc308649ae41b",
    cubic: "696c328d6e259ae9",
    area: "a5b232115a094263",
  }],
  [[23, 17], [10, 15], {
    nearest: "b808501bdae2d72c",
    linear: "fc5a1834803fbcfa",
    cubic: "8b7c1b5fcd83bc88",
    area: "9527258ce1f60e7b",
  }],
  [[23, 17], [33, 29], {
    nearest: "8c3609e1c6554a98",
    linear: "83e37a838bc7bb18",
    cubic: "32548ae707835777",
    area: "192f44d74c64a761",
  }],
  [[40, 30], [20, 15], {
    nearest: "e5622577a5f2ade7",
    linear: "ad9e8c4352c89de5",
    cubic: "b686b377a6224a8e",
    area: "ad9e8c4352c89de5",
  }],
  [[40, 30], [10, 15], {
    nearest: "953cc3c42a310a97",
    linear: "d7a6416361435576",
    cubic: "be8df6d4ed0f512f",
    area: "ce704cdeacd2fca6",
  }],
  [[40, 30], [64, 64], {
    nearest: "e73ffdae635ceab4",
    linear: "3e67c6ee5850b3d4",
    cubic: "28e221cc3164d88f",
    area: "e8d18f1a6aa4681c",
  }],
];

for (const [from, [width, height], hashes] of REFERENCES) {
  for (const [interpolation, hash] of Object.entries(hashes)) {
    const name = `${interpolation} ${from} to ${[width, height]}`;
    Deno.test(`resize() ${name} gives OpenCV's bytes`, () => {
      const planes = resize(noise(...from), {
        width,
        height,
        interpolation: interpolation as Interpolation,
      });
      assert.equal(digest(planesToRgb(planes)), hash);
    });
  }
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

Deno.test("resize() leaves a picture of the wanted extents as it is", () => {
  const rgb = [1, 2, 3, 250, 251, 252];
  for (const interpolation of ["nearest", "linear", "cubic", "area"] as const) {
    const planes = resize(fromRgb(rgb, 1), {
      width: 1,
      height: 2,
      interpolation,
    });
    assert.deepEqual([...planes.data], [1, 250, 2, 251, 3, 252]);
  }
});

Deno.test("resize() cuts off what cubic weights make of sharp edges", () => {
  const edge = fromRgb([0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0], 4);
  const { data } = resize(edge, {
    width: 31,
    height: 9,
    interpolation: "cubic",
  });
  assert.equal(Math.max(...data), 255);
  assert.equal(Math.min(...data), 0);
});

Deno.test("SimdCubicResizer gives the bits of resizeCubic", async (t) => {
  const simd = SimdCubicResizer.create();
  assert.ok(simd, "this runtime has SIMD");
  const sources: Extents[] = [[1, 1], [2, 3], [64, 64], [101, 67], [300, 5]];
  const targets: Extents[] = [[1, 1], [2, 2], [3, 7], [32, 32], [65, 41]];
  for (const from of sources) {
    await t.step(`from ${from}`, () => {
      const source = noise(...from);
      for (const [width, height] of targets) {
        const expected = resizeCubic(source, width, height);
        assert.deepEqual(simd.resize(source, width, height), expected);
      }
    });
  }
});

Deno.test("resize() takes rows wider than SIMD has memory for", () => {
  const source = noise(SimdCubicResizer.MAX_WIDTH + 1, 1);
  const target = { width: 8, height: 1, interpolation: "cubic" } as const;
  assert.deepEqual(resize(source, target), resizeCubic(source, 8, 1));
});

sharedTest(
  "resize() gives the original's bytes for kitten_small.jpg",
  async (folder) => {
    const model = `${folder}/models/squeezenet_v1.1`;
    const decoded = await picture(`${model}/kitten_small.decoded.rgb`, 224);
    const expected = await Deno.readFile(`${model}/kitten_small.224x224.rgb`);
    const fast = resize(decoded, {
      width: 224,
      height: 224,
      interpolation: "cubic",
    });
    assert.deepEqual(planesToRgb(fast), expected);
    assert.deepEqual(planesToRgb(resizeCubic(decoded, 224, 224)), expected);
  },
);

async function picture(path: string, width: number): Promise<Pixels> {
  return fromRgb(await Deno.readFile(path), width);
}
