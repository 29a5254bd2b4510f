import assert from "node:assert/strict";
import {
  decodeImage,
  type DecodeOptions,
} from "../../../src/service/image/decode_image.ts";
import { plainJpeg } from "./support/jpeg_writer.ts";
import { png } from "./support/png_writer.ts";
import { extendedWebp } from "./support/samples.ts";
import { exif, tiff } from "./support/tiff_writer.ts";

/** What is stored: two rows of three. */
const STORED = [10, 20, 30, 40, 50, 60];

/** Rows of what is to be seen, by orientation (EXIF 2.32 §4.6.5). */
const SEEN: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[10, 20, 30], [40, 50, 60]],
  2: [[30, 20, 10], [60, 50, 40]],
  3: [[60, 50, 40], [30, 20, 10]],
  4: [[40, 50, 60], [10, 20, 30]],
  5: [[10, 40], [20, 50], [30, 60]],
  6: [[40, 10], [50, 20], [60, 30]],
  7: [[60, 30], [50, 20], [40, 10]],
  8: [[30, 60], [20, 50], [10, 40]],
};

/** Returns every `step`th pixel of every `step`th row, red alone. */
async function look(
  file: Uint8Array,
  step: number,
  options: DecodeOptions = {},
): Promise<readonly (readonly number[])[]> {
  const { width, height, data } = await decodeImage(file, options);
  return Array.from(
    { length: height / step },
    (_, y) =>
      Array.from(
        { length: width / step },
        (_, x) => data[3 * step * (y * width + x)]!,
      ),
  );
}

function turnedJpeg(block: Uint8Array): Uint8Array<ArrayBuffer> {
  const rows = [STORED.slice(0, 3), STORED.slice(3)];
  return plainJpeg({
    blocks: rows.map((row) => row.map((value) => [value])),
    segments: [[
      0xe1,
      Uint8Array.from([...new TextEncoder().encode("Exif\0\0"), ...block]),
    ]],
  });
}

function turnedPng(block: Uint8Array): Uint8Array<ArrayBuffer> {
  return png({
    ...{ width: 3, height: 2, colour: 0, bits: 8, samples: STORED },
    chunks: [["eXIf", [...block]]],
  });
}

for (const [number, seen] of Object.entries(SEEN)) {
  const orientation = Number(number);
  Deno.test(`decodeImage() turns orientation ${number}`, async (t) => {
    await t.step("of a JPEG, either byte order", async () => {
      for (const order of ["II", "MM"] as const) {
        const file = turnedJpeg(exif(orientation, order));
        assert.deepEqual(await look(file, 8), seen);
      }
    });
    await t.step("of a PNG", async () => {
      assert.deepEqual(await look(turnedPng(exif(orientation)), 1), seen);
    });
    await t.step("of a TIFF", async () => {
      const file = tiff({
        ...{ width: 3, height: 2, bits: 8, photometric: 1, orientation },
        samples: STORED,
      });
      assert.deepEqual(await look(file, 1), seen);
    });
    await t.step("of a WebP", async () => {
      const file = extendedWebp([["EXIF", [...exif(orientation)]]]);
      const { width } = await decodeImage(file);
      assert.equal(width, orientation < 5 ? 5 : 3);
    });
    await t.step("unless it is to be ignored", async () => {
      const file = turnedJpeg(exif(orientation));
      const options = { orientation: "ignore" } as const;
      assert.deepEqual(await look(file, 8, options), SEEN[1]);
    });
  });
}

const DAMAGED: Readonly<Record<string, Uint8Array>> = {
  "an orientation of 0": exif(0),
  "an orientation of 9": exif(9),
  "nothing": new Uint8Array(),
  "half of its entry": exif(6).subarray(0, 15),
  "a directory outside": Uint8Array.from([...exif(6).with(4, 200)]),
  "no byte order": exif(6).with(0, 0x58),
};

for (const [what, block] of Object.entries(DAMAGED)) {
  Deno.test(`decodeImage() takes EXIF with ${what} for no EXIF`, async () => {
    assert.deepEqual(await look(turnedJpeg(block), 8), SEEN[1]);
    assert.deepEqual(await look(turnedPng(block), 1), SEEN[1]);
  });
}

Deno.test("decodeImage() goes by the first EXIF block of a JPEG", async () => {
  const one = turnedJpeg(exif(6));
  const name = new TextEncoder().encode("Exif\0\0");
  const both = plainJpeg({
    blocks: [[[10], [20], [30]], [[40], [50], [60]]],
    segments: [
      [0xe1, new TextEncoder().encode("http://ns.adobe.com/xap/1.0/\0")],
      [0xe1, Uint8Array.from([...name, ...exif(6)])],
      [0xe1, Uint8Array.from([...name, ...exif(3)])],
    ],
  });
  assert.deepEqual(await look(both, 8), await look(one, 8));
});
