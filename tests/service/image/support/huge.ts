/**
 * Small files that claim to be large.
 *
 * @module
 */

import { plainJpeg } from "./jpeg_writer.ts";
import { bmp, gif, plainWebp } from "./picture_writers.ts";
import { png } from "./png_writer.ts";
import { tiff } from "./tiff_writer.ts";

/** Files that claim 100 000 × 100 000 pixels, or what their format allows. */
export const HUGE: Readonly<Record<string, Uint8Array>> = {
  JPEG: withBytes(plainJpeg({ blocks: [[[1]]] }), /\xff\xc0/, 5, [
    ...[0xff, 0xff, 0xff, 0xff],
  ]),
  PNG: withBytes(
    png({ width: 1, height: 1, colour: 0, bits: 8, samples: [0] }),
    /IHDR/,
    4,
    [0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0],
  ),
  GIF: gif({
    screen: [65535, 65535],
    frame: [0, 0, 1, 1],
    palette: Array<number>(12).fill(0),
    pixels: [0],
  }),
  BMP: withBytes(bmp(1, 1, [1, 2, 3]), /BM/, 18, [
    ...[0xa0, 0x86, 1, 0, 0xa0, 0x86, 1, 0],
  ]),
  TIFF: tiff({
    ...{ width: 65535, height: 65535, bits: 8, photometric: 1 },
    samples: Array<number>(65535).fill(0),
  }),
  WebP: plainWebp(16384, 16384, [1, 2, 3]),
};

/** Overwrites bytes at a distance from the first match of a pattern. */
export function withBytes(
  file: Uint8Array,
  pattern: RegExp,
  distance: number,
  bytes: readonly number[],
): Uint8Array {
  const at = String.fromCharCode(...file).search(pattern) + distance;
  const changed = file.slice();
  changed.set(bytes, at);
  return changed;
}
