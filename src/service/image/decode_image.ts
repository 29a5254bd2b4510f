import { MmsError } from "../../errors.ts";
import type { Pixels } from "../../tensor/mod.ts";
import { type ImageHeader, readImageHeader } from "./header/image_header.ts";
import { corruptedImage } from "./image_error.ts";
import { orient } from "./orient.ts";

/** How pictures are decoded. */
export interface DecodeOptions {
  /** The most pixels that a picture may have; 100 million by default. */
  readonly maxPixels?: number;
  /** Whether EXIF orientation is honoured; it is by default. */
  readonly orientation?: "honour" | "ignore";
}

/** A decoded picture without alpha. */
export interface RgbImage {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** R, G, B. */
  readonly channels: 3;
  /** `[height, width, 3]`. */
  readonly data: Uint8Array;
}

const MAX_PIXELS = 100_000_000;

/**
 * Decodes a JPEG, PNG, GIF (its first frame), BMP, TIFF (its first page) or
 * WebP: grey becomes R = G = B, CMYK becomes RGB, 16 bits become eight, alpha is
 * dropped as OpenCV does.
 *
 * @throws {MmsError} `bad_request` if it is none, damaged, cut off or too large;
 * size and format are checked before anything is decoded
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<RgbImage> {
  const { width, height, data } = await decodePixels(bytes, options);
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return { width, height, channels: 3, data: rgb };
}

/** As `decodeImage`, with four bytes a pixel, as decoders and `resize` want. */
export async function decodePixels(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<Pixels> {
  if (bytes.length === 0) {
    throw new MmsError("bad_request", "Empty image input");
  }
  const header = readImageHeader(bytes);
  checkSize(header, bytes.length, options.maxPixels ?? MAX_PIXELS);
  const pixels = await decode(bytes, header);
  if (pixels.width !== header.width || pixels.height !== header.height) {
    throw corruptedImage(
      `the ${header.format} has ${pixels.width} × ${pixels.height} pixels, its header says ${header.width} × ${header.height}`,
    );
  }
  return options.orientation === "ignore"
    ? pixels
    : orient(pixels, header.orientation);
}

function checkSize(
  { format, width, height, pixelsPerByte }: ImageHeader,
  bytes: number,
  maxPixels: number,
): void {
  const pixels = width * height;
  if (pixels === 0) {
    throw corruptedImage(`the ${format} has ${width} × ${height} pixels`);
  }
  if (pixels > maxPixels) {
    throw corruptedImage(
      `the ${format} has ${width} × ${height} pixels, at most ${maxPixels} are decoded`,
    );
  }
  if (pixels > bytes * pixelsPerByte) { // a small file may claim any extents
    throw corruptedImage(
      `the ${format} ends early: ${bytes} bytes cannot hold ${width} × ${height} pixels`,
    );
  }
}

/** Loads the decoder for a format when it is first needed. */
async function decode(
  bytes: Uint8Array,
  header: ImageHeader,
): Promise<Pixels> {
  switch (header.format) {
    case "JPEG":
      return header.components === 4
        ? (await import("./photon.ts")).decodeWithPhoton(bytes, header)
        : (await import("./mozjpeg.ts")).decodeJpeg(bytes, header);
    case "PNG":
      return (await import("./imagescript.ts")).decodePng(bytes);
    case "GIF":
      return (await import("./imagescript.ts")).decodeGif(bytes, header);
    case "WebP":
      return (await import("./libwebp.ts")).decodeWebp(bytes, header);
    case "BMP":
    case "TIFF":
      return (await import("./photon.ts")).decodeWithPhoton(bytes, header);
  }
}
