import { MmsError } from "../../errors.ts";
import type { Pixels } from "../../tensor/mod.ts";
import { type ImageHeader, readImageHeader } from "./header/image_header.ts";
import { corruptedImage } from "./image_error.ts";
import { orient } from "./orient.ts";
import { type PooledPixels, unpooled } from "./pixel_pool.ts";

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
  using pixels = await decodePixels(bytes, options);
  const { width, height, data } = pixels;
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return { width, height, channels: 3, data: rgb };
}

/**
 * As `decodeImage`, with four bytes a pixel, as decoders and `resize` want. To
 * be disposed of, so that the next picture can have the memory.
 */
export async function decodePixels(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<PooledPixels> {
  if (bytes.length === 0) {
    throw new MmsError("bad_request", "Empty image input");
  }
  const header = readImageHeader(bytes);
  checkSize(header, bytes.length, options.maxPixels ?? MAX_PIXELS);
  const pixels = await decode(bytes, header);
  checkExtents(pixels, header);
  if (options.orientation === "ignore" || header.orientation === 1) {
    return pixels;
  }
  using stored = pixels;
  return unpooled(orient(stored, header.orientation));
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

function checkExtents({ width, height }: Pixels, header: ImageHeader): void {
  if (width !== header.width || height !== header.height) {
    throw corruptedImage(
      `the ${header.format} has ${width} × ${height} pixels, its header says ${header.width} × ${header.height}`,
    );
  }
}

/** Loads the decoder for a format when it is first needed. */
async function decode(
  bytes: Uint8Array,
  header: ImageHeader,
): Promise<PooledPixels> {
  switch (header.format) {
    case "JPEG": {
      if (header.components === 4) return await withPhoton(bytes, header);
      const { decodeJpeg } = await import("./mozjpeg.ts");
      return await decodeJpeg(bytes, header);
    }
    case "WebP": {
      const { decodeWebp } = await import("./libwebp.ts");
      return unpooled(await decodeWebp(bytes, header));
    }
    case "PNG": {
      const { decodePng } = await import("./imagescript.ts");
      return unpooled(await decodePng(bytes));
    }
    case "GIF": {
      const { decodeGif } = await import("./imagescript.ts");
      return unpooled(await decodeGif(bytes, header));
    }
    case "BMP":
    case "TIFF":
      return await withPhoton(bytes, header);
  }
}

async function withPhoton(
  bytes: Uint8Array,
  header: ImageHeader,
): Promise<PooledPixels> {
  const { decodeWithPhoton } = await import("./photon.ts");
  return unpooled(await decodeWithPhoton(bytes, header));
}
