import { corruptedImage } from "../image_error.ts";
import type { ByteReader } from "./byte_reader.ts";
import { Ifd, tiffReader } from "./ifd.ts";
import type { PictureHeader } from "./image_header.ts";
import { ORIENTATION_TAG, toOrientation } from "./orientation.ts";

/** Numbers of tags (TIFF 6.0, appendix A). */
const TAG = {
  width: 256,
  height: 257,
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
} as const;

/**
 * Reads the header of a TIFF: that of its first picture.
 *
 * @throws {MmsError} `bad_request` if the file ends before its last pixels
 */
export function readTiffHeader(bytes: Uint8Array): PictureHeader {
  const reader = tiffReader(bytes, "the TIFF");
  const ifd = new Ifd(reader, reader.u32(4));
  const [width] = ifd.values(TAG.width);
  const [height] = ifd.values(TAG.height);
  if (width === undefined || height === undefined) {
    throw corruptedImage("the TIFF does not say how large it is");
  }
  needData(reader, ifd, [TAG.stripOffsets, TAG.stripBytes]);
  needData(reader, ifd, [TAG.tileOffsets, TAG.tileBytes]);
  const [orientation] = ifd.values(ORIENTATION_TAG);
  return {
    format: "TIFF",
    width,
    height,
    orientation: toOrientation(orientation),
  };
}

/** Makes sure that every strip or tile lies within the file. */
function needData(
  reader: ByteReader,
  ifd: Ifd,
  [offsets, lengths]: readonly [number, number],
): void {
  const sizes = ifd.values(lengths);
  ifd.values(offsets).forEach((at, i) => reader.need(at, sizes[i] ?? 0));
}
