import assert from "node:assert/strict";
import { MmsError } from "../../../src/errors.ts";
import { decodeImage } from "../../../src/service/image/decode_image.ts";
import { root } from "../../support/paths.ts";
import { HUGE, withBytes } from "./support/huge.ts";
import { plainJpeg } from "./support/jpeg_writer.ts";
import { plainWebp, riff } from "./support/picture_writers.ts";
import { png } from "./support/png_writer.ts";
import { SAMPLES } from "./support/samples.ts";

/** Bytes at the end of each format without which the picture is still whole. */
const FORGIVEN: Readonly<Record<string, number>> = {
  JPEG: 2, // the end marker
  PNG: 12, // the IEND chunk
  GIF: 4, // codes for the end, the end of the data, the trailer
  BMP: 0,
  TIFF: 0,
  WebP: 0,
};

for (const [kind, { file, rgb, tolerance = 0 }] of Object.entries(SAMPLES)) {
  const [format] = /JPEG|PNG|GIF|BMP|TIFF|WebP/.exec(kind)!;
  Deno.test(`decodeImage() decodes or refuses every beginning of a ${kind}`, async () => {
    for (let length = 1; length < file.length; length++) {
      const decoded = await decodeImage(file.slice(0, length)).catch(refused);
      if (decoded === undefined) continue;
      const missing = file.length - length;
      assert.ok(missing <= FORGIVEN[format]!, `${missing} bytes are missing`);
      const off = rgb.filter((v, i) =>
        Math.abs(v - decoded.data[i]!) > tolerance
      );
      assert.deepEqual(off, []);
    }
  });
}

for (const name of ["0_zero.jpg", "3_three.jpg"]) {
  Deno.test(`decodeImage() refuses ${name} cut off anywhere but at its end marker`, async () => {
    const file = await Deno.readFile(`${root}/fixtures/digits/images/${name}`);
    const whole = await decodeImage(file);
    assert.deepEqual(await decodeImage(file.slice(0, -2)), whole);
    for (let length = file.length - 3; length > 0; length -= 7) {
      const cut = file.slice(0, length);
      assert.equal(await decodeImage(cut).catch(refused), undefined);
    }
  });
}

Deno.test("decodeImage() refuses a progressive JPEG that lacks a scan", async () => {
  const file = plainJpeg({ blocks: [[[101, 90, 200]]], progressive: true });
  const scans = [...file].flatMap((byte, i) =>
    byte === 0xff && file[i + 1] === 0xda ? [i] : []
  );
  for (const cut of scans.slice(1)) {
    await assert.rejects(decodeImage(file.slice(0, cut)), /ends early/);
  }
});

Deno.test("decodeImage() refuses a JPEG with its end marker too early", async () => {
  const file = await Deno.readFile(`${root}/fixtures/digits/images/0_zero.jpg`);
  const cut = Uint8Array.from([
    ...file.subarray(0, file.length - 200),
    ...[0xff, 0xd9],
  ]);
  await assert.rejects(decodeImage(cut), /the JPEG ends early/);
});

Deno.test("decodeImage() does not mind bytes after the end", async () => {
  for (const { file, width } of Object.values(SAMPLES)) {
    const longer = Uint8Array.from([...file, 1, 2, 3, 0xff, 0xd8, 0xff]);
    assert.equal((await decodeImage(longer)).width, width);
  }
});

for (const [format, file] of Object.entries(HUGE)) {
  Deno.test(`decodeImage() refuses a huge ${format} by its header`, async () => {
    const started = performance.now();
    await assert.rejects(decodeImage(file), {
      code: "bad_request",
      message:
        /^Corrupted image input: the \w+ (has \d+ × \d+ pixels, at most 100000000 are decoded|ends early)/,
    });
    const ms = performance.now() - started;
    assert.ok(ms < 1000, `takes ${ms} ms`);
  });
}

Deno.test("decodeImage() refuses extents that so few bytes cannot hold", async () => {
  const file = withBytes(
    png({ width: 1, height: 1, colour: 0, bits: 8, samples: [0] }),
    /IHDR/,
    4,
    [0, 0, 0x20, 0, 0, 0, 0x20, 0],
  );
  await assert.rejects(
    decodeImage(file),
    /the PNG ends early: 67 bytes cannot hold 8192 × 8192 pixels/,
  );
});

Deno.test("decodeImage() refuses more pixels than it is told to", async () => {
  const { file } = SAMPLES["RGB PNG"]!; // 2 × 2
  assert.equal((await decodeImage(file, { maxPixels: 4 })).width, 2);
  await assert.rejects(
    decodeImage(file, { maxPixels: 3 }),
    new MmsError(
      "bad_request",
      "Corrupted image input: the PNG has 2 × 2 pixels, at most 3 are decoded",
    ),
  );
});

Deno.test("decodeImage() refuses a JPEG with thousands of scans", async () => {
  const file = plainJpeg({ blocks: [[[1]]], progressive: true });
  const start = file.findLastIndex((byte, i) =>
    byte === 0xff && file[i + 1] === 0xda
  );
  const scan = [...file.subarray(start, -2)];
  const many = Uint8Array.from([
    ...file.subarray(0, start),
    ...Array.from({ length: 5000 }, () => scan).flat(),
    ...[0xff, 0xd9],
  ]);
  await assert.rejects(decodeImage(many), /more than 200 scans/);
});

Deno.test("decodeImage() refuses a WebP whose picture has other extents", async () => {
  const large = [...plainWebp(9000, 9000, [1, 2, 3]).subarray(20)];
  const file = riff([
    ["VP8X", [0, 0, 0, 0, 4, 0, 0, 2, 0, 0]],
    ["VP8L", large],
  ]);
  await assert.rejects(
    decodeImage(file),
    /the WebP is 5 × 3, its picture 9000 × 9000/,
  );
});

Deno.test("decodeImage() refuses kinds of JPEG that it does not decode", async () => {
  const file = plainJpeg({ blocks: [[[1]]] });
  const lossless = withBytes(file, /\xff\xc0/, 1, [0xc3]);
  await assert.rejects(decodeImage(lossless), /lossless/);
  const deep = withBytes(file, /\xff\xc0/, 4, [12]);
  await assert.rejects(decodeImage(deep), /12 bits a sample, 8 are decoded/);
});

/** Lets an expected refusal pass as `undefined`. */
function refused(error: unknown): undefined {
  assert.ok(error instanceof MmsError, String(error));
  assert.equal(error.code, "bad_request");
  assert.match(error.message, /^Corrupted image input: [a-z]/);
}
