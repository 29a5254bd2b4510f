import { corruptedImage } from "../image_error.ts";
import type { ByteReader } from "./byte_reader.ts";
import type { Ifd } from "./ifd.ts";
import { readJpegHeader } from "./jpeg_header.ts";

/** Numbers of tags (TIFF 6.0, appendix A). */
const TAG = {
  stripOffsets: 273,
  stripBytes: 279,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
} as const;

/** JPEG in TIFF (TIFF technical note 2). */
const JPEG_COMPRESSION = 7;
/** Tiles of a small picture may be larger than it. */
const SPARE_PIXELS = 1 << 20;

/** What the parts of a picture have to fit. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly compression: number;
}

/**
 * Checks the strips or tiles that a TIFF is made of: they lie within the file,
 * and claim no more pixels than the picture has room for.
 *
 * @throws {MmsError} `bad_request` if one does not
 */
export function checkTiffParts(
  reader: ByteReader,
  ifd: Ifd,
  picture: Picture,
): void {
  const most = 4 * picture.width * picture.height + SPARE_PIXELS;
  const [tileWidth = 0] = ifd.values(TAG.tileWidth);
  const [tileHeight = 0] = ifd.values(TAG.tileHeight);
  refuseLarge(tileWidth, tileHeight, most);
  const parts = [
    ...dataOf(reader, ifd, TAG.stripOffsets, TAG.stripBytes),
    ...dataOf(reader, ifd, TAG.tileOffsets, TAG.tileBytes),
  ];
  if (picture.compression !== JPEG_COMPRESSION) return;
  for (const part of parts) {
    const { width, height } = readJpegHeader(part);
    refuseLarge(width, height, most);
  }
}

function dataOf(
  reader: ByteReader,
  ifd: Ifd,
  offsets: number,
  lengths: number,
): readonly Uint8Array[] {
  const sizes = ifd.values(lengths);
  return ifd.values(offsets).map((at, i) => reader.bytes(at, sizes[i] ?? 0));
}

function refuseLarge(width: number, height: number, most: number): void {
  if (width * height > most) {
    throw corruptedImage(
      `the TIFF has a part of ${width} × ${height} pixels, larger than itself`,
    );
  }
}
