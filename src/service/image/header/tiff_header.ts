import { corruptedImage } from "../image_error.ts";
import { Ifd, tiffReader } from "./ifd.ts";
import { ORIENTATION_TAG, toOrientation } from "./orientation.ts";
import { checkTiffParts } from "./tiff_parts.ts";
import type { PlainHeader } from "./picture_header.ts";

/** Numbers of tags (TIFF 6.0, appendix A). */
const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
} as const;

/**
 * The most bytes that a byte can hold, by the number of the compression: none,
 * LZW, JPEG (one bit for 8×8 samples), deflate (two numbers), PackBits.
 */
const BYTES_PER_BYTE: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [5, 2600],
  [7, 4 * 512],
  [8, 1032],
  [32946, 1032],
  [32773, 64],
]);

/**
 * Reads the header of a TIFF: that of its first picture.
 *
 * @throws {MmsError} `bad_request` if the file ends before its last pixels, or
 * is compressed in a way that is not decoded
 */
export function readTiffHeader(bytes: Uint8Array): PlainHeader {
  const reader = tiffReader(bytes, "the TIFF");
  const ifd = new Ifd(reader, reader.u32(4));
  const [width] = ifd.values(TAG.width);
  const [height] = ifd.values(TAG.height);
  if (width === undefined || height === undefined) {
    throw corruptedImage("the TIFF does not say how large it is");
  }
  const [compression = 1] = ifd.values(TAG.compression);
  checkTiffParts(reader, ifd, { width, height, compression });
  const [orientation] = ifd.values(ORIENTATION_TAG);
  return {
    format: "TIFF",
    width,
    height,
    orientation: toOrientation(orientation),
    pixelsPerByte: pixelsPerByte(ifd, compression),
  };
}

function pixelsPerByte(ifd: Ifd, compression: number): number {
  const packed = BYTES_PER_BYTE.get(compression);
  if (packed === undefined) {
    throw corruptedImage(
      `the TIFF has compression ${compression}, decoded are none, LZW, JPEG, deflate and PackBits`,
    );
  }
  const bits = ifd.values(TAG.bits).reduce((sum, own) => sum + own, 0);
  return packed * 8 / Math.max(bits, 1);
}
