import { corruptedImage } from "../image_error.ts";
import { readBmpHeader } from "./bmp_header.ts";
import { readGifHeader } from "./gif_header.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg_header.ts";
import type { PlainHeader } from "./picture_header.ts";
import { readPngHeader } from "./png_header.ts";
import { readTiffHeader } from "./tiff_header.ts";
import { readWebpHeader, type WebpHeader } from "./webp_header.ts";

/** A header of any format that is read. */
export type ImageHeader = JpegHeader | PlainHeader | WebpHeader;

/** The first bytes of each format (`?` is any), and who reads on from there. */
const FORMATS: readonly {
  readonly begins: string;
  readonly read: (bytes: Uint8Array) => ImageHeader;
}[] = [
  { begins: "\xff\xd8\xff", read: readJpegHeader },
  { begins: "\x89PNG\r\n\x1a\n", read: readPngHeader },
  { begins: "GIF87a", read: readGifHeader },
  { begins: "GIF89a", read: readGifHeader },
  { begins: "BM", read: readBmpHeader },
  { begins: "II*\0", read: readTiffHeader },
  { begins: "MM\0*", read: readTiffHeader },
  { begins: "RIFF????WEBP", read: readWebpHeader },
];

/**
 * Reads the header of a picture, telling the format by the first bytes.
 *
 * @throws {MmsError} `bad_request` if it is none, or ends within its header
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const format = FORMATS.find(({ begins }) => beginsWith(bytes, begins));
  if (format === undefined) {
    throw corruptedImage(
      "it is no JPEG, PNG, GIF, BMP, TIFF or WebP by its first bytes",
    );
  }
  return format.read(bytes);
}

function beginsWith(bytes: Uint8Array, pattern: string): boolean {
  return [...pattern].every((character, i) =>
    character === "?" || character.charCodeAt(0) === bytes[i]
  );
}
