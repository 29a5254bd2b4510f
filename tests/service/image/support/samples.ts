/**
 * One small picture of each format, and what it shows.
 *
 * @module
 */

import { plainJpeg } from "./jpeg_writer.ts";
import { bmp, gif, plainWebp, riff } from "./picture_writers.ts";
import { png } from "./png_writer.ts";
import { tiff } from "./tiff_writer.ts";

/** A file, and its first pixels. */
export interface Sample {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** R, G, B, R, … of the first pixels or of all. */
  readonly rgb: readonly number[];
  /** How far a value may be off; 0 unless given. */
  readonly tolerance?: number;
}

const RGB = [1, 2, 3, 40, 50, 60, 255, 0, 128, 7, 8, 9];
const SIZE = { width: 2, height: 2 } as const;
/** 0x12 and 0x34 of the upper bytes are what is left of 16 bits. */
const DEEP = [0x1200, 0x12ff, 0x3456, 0xffff];
const DEEP_RGB = DEEP.flatMap((value) => Array<number>(3).fill(value >> 8));

/** Adobe's marker: four components, inverted; 0: C, M, Y, K, 2: Y, Cb, Cr, K. */
function adobe(transform: 0 | 2): readonly [number, Uint8Array] {
  const name = new TextEncoder().encode("Adobe");
  return [0xee, Uint8Array.from([...name, 0, 100, 0, 0, 0, 0, transform])];
}

/** 16×16 of about (201, 100, 48), made with libwebp at quality 80. */
const LOSSY_WEBP =
  "UklGRjoAAABXRUJQVlA4IC4AAADwAQCdASoQABAAAUAmJaACdLoB+AAEyAAA" +
  "/q4X/zYEDND6YP/SbPE2eJs+OYAA";

/** By kind, every kind of file that is decoded. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  "grey JPEG": {
    file: plainJpeg({ blocks: [[[10], [200]]] }),
    ...{ width: 16, height: 8 },
    rgb: [...Array<number>(24).fill(10), ...Array<number>(24).fill(200)],
  },
  "colour JPEG": {
    file: plainJpeg({ blocks: [[[100, 90, 200]]] }),
    ...{ width: 8, height: 8 },
    rgb: [201, 62, 33], // JFIF 1.02: Y + 1.402 (Cr − 128), …
  },
  "progressive JPEG": {
    file: plainJpeg({ blocks: [[[101, 90, 200]]], progressive: true }),
    ...{ width: 8, height: 8 },
    rgb: [202, 63, 34],
  },
  "CMYK JPEG": {
    file: plainJpeg({
      blocks: [[[255, 200, 100, 255], [0, 255, 255, 128]]],
      segments: [adobe(0)],
    }),
    ...{ width: 16, height: 8 },
    rgb: [
      ...Array.from({ length: 8 }, () => [255, 200, 100]).flat(),
      ...[0, 128, 128],
    ],
    tolerance: 1,
  },
  "YCCK JPEG": {
    file: plainJpeg({
      blocks: [[[150, 100, 200, 230]]],
      segments: [adobe(2)],
    }),
    ...{ width: 8, height: 8 },
    rgb: [5, 133, 141], // MXNet 1.9.1
    tolerance: 2,
  },
  "RGB PNG": {
    file: png({ ...SIZE, colour: 2, bits: 8, samples: RGB }),
    ...SIZE,
    rgb: RGB,
  },
  "interlaced PNG": {
    file: png({ ...SIZE, colour: 2, bits: 8, samples: RGB, interlaced: true }),
    ...SIZE,
    rgb: RGB,
  },
  "PNG of one bit": {
    file: png({ ...SIZE, colour: 0, bits: 1, samples: [0, 1, 1, 0] }),
    ...SIZE,
    rgb: [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0],
  },
  "PNG of 16 bits": {
    file: png({ ...SIZE, colour: 0, bits: 16, samples: DEEP }),
    ...SIZE,
    rgb: DEEP_RGB,
  },
  "PNG with a palette": {
    file: png({
      ...{ ...SIZE, colour: 3, bits: 2, samples: [2, 1, 0, 2] },
      chunks: [["PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9]]],
    }),
    ...SIZE,
    rgb: [7, 8, 9, 4, 5, 6, 1, 2, 3, 7, 8, 9],
  },
  "PNG with alpha, which is dropped": {
    file: png({
      ...{ width: 2, height: 1, colour: 6, bits: 8 },
      samples: [1, 2, 3, 0, 4, 5, 6, 128],
    }),
    ...{ width: 2, height: 1 },
    rgb: [1, 2, 3, 4, 5, 6],
  },
  "grey PNG with alpha": {
    file: png({
      ...{ width: 2, height: 1, colour: 4, bits: 8 },
      samples: [9, 0, 200, 128],
    }),
    ...{ width: 2, height: 1 },
    rgb: [9, 9, 9, 200, 200, 200],
  },
  "first frame of a GIF, on its screen": {
    file: gif({
      screen: [3, 2],
      frame: [1, 0, 2, 2],
      palette: [9, 9, 9, 255, 0, 0, 0, 255, 0, 0, 0, 255],
      pixels: [1, 2, 3, 0],
    }),
    ...{ width: 3, height: 2 },
    rgb: [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 9, 9, 9],
  },
  "GIF whose frame leaves its screen": {
    file: gif({
      screen: [1, 1],
      frame: [0, 0, 2, 1],
      palette: [9, 9, 9, 255, 0, 0, 0, 255, 0, 0, 0, 255],
      pixels: [1, 2],
    }),
    ...{ width: 2, height: 1 },
    rgb: [255, 0, 0, 0, 255, 0],
  },
  "BMP": { file: bmp(2, 2, RGB), ...SIZE, rgb: RGB },
  "BMP from the top down": { file: bmp(2, -2, RGB), ...SIZE, rgb: RGB },
  "RGB TIFF": {
    file: tiff({ ...SIZE, bits: 8, photometric: 2, samples: RGB }),
    ...SIZE,
    rgb: RGB,
  },
  "big-endian TIFF of 16 bits": {
    file: tiff({
      ...{ ...SIZE, bits: 16, photometric: 1, samples: DEEP },
      bigEndian: true,
    }),
    ...SIZE,
    rgb: DEEP_RGB,
    tolerance: 1,
  },
  "deflated CMYK TIFF": {
    file: tiff({
      ...{ width: 2, height: 1, bits: 8, photometric: 5, deflate: true },
      samples: [0, 0, 0, 0, 255, 0, 0, 0],
    }),
    ...{ width: 2, height: 1 },
    rgb: [255, 255, 255, 0, 255, 255],
  },
  "TIFF whose white is 0": {
    file: tiff({
      ...{ width: 2, height: 1, bits: 8, photometric: 0 },
      samples: [0, 200],
    }),
    ...{ width: 2, height: 1 },
    rgb: [255, 255, 255, 55, 55, 55],
  },
  "lossless WebP": {
    file: plainWebp(5, 3, [10, 20, 30]),
    ...{ width: 5, height: 3 },
    rgb: [10, 20, 30],
  },
  "lossy WebP": {
    file: Uint8Array.fromBase64(LOSSY_WEBP),
    ...{ width: 16, height: 16 },
    rgb: [201, 100, 48],
  },
  "first frame of an animated WebP, on its canvas": {
    file: riff([
      ["VP8X", [0x02, 0, 0, 0, 4, 0, 0, 2, 0, 0]], // 5 × 3
      ["ANIM", [255, 255, 255, 255, 0, 0]],
      ["ANMF", [
        ...[1, 0, 0, 1, 0, 0], // from column 2, row 2
        ...[2, 0, 0, 0, 0, 0], // 3 × 1
        ...[100, 0, 0, 0],
        ...plainWebp(3, 1, [10, 20, 30]).subarray(12),
      ]],
    ]),
    ...{ width: 5, height: 3 },
    rgb: [
      ...Array<number>(3 * 12).fill(0),
      ...[10, 20, 30, 10, 20, 30, 10, 20, 30],
    ],
  },
  "extended WebP": {
    file: extendedWebp([]),
    ...{ width: 5, height: 3 },
    rgb: [10, 20, 30],
  },
};

/** A WebP of 5×3 with further chunks. */
export function extendedWebp(
  chunks: readonly (readonly [string, readonly number[]])[],
): Uint8Array<ArrayBuffer> {
  const plain = plainWebp(5, 3, [10, 20, 30]);
  const HAS_EXIF = 0x08;
  return riff([
    ["VP8X", [HAS_EXIF, 0, 0, 0, 4, 0, 0, 2, 0, 0]],
    ["VP8L", [...plain.subarray(20)]],
    ...chunks,
  ]);
}
