import { messageOf } from "../../errors.ts";
import type { Pixels } from "../../tensor/mod.ts";
import type { PictureHeader } from "./header/image_header.ts";
import { corruptedImage } from "./image_error.ts";

/** imagescript's PNG decoder alone, without its native library. */
interface PngModule {
  init(): Promise<{
    decode(png: Uint8Array): {
      readonly width: number;
      readonly height: number;
      /** R, G, B, A. */
      readonly framebuffer: Uint8Array;
    };
  }>;
}

/** imagescript's GIF decoder alone. */
interface GifModule {
  init(): Promise<{ readonly Decoder: new (gif: Uint8Array) => GifDecoder }>;
}

interface GifDecoder {
  frame(): GifFrame | null;
}

interface GifFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** R, G, B, A, and bytes that do not belong to it. */
  readonly buffer: Uint8Array;
}

/**
 * Decodes a PNG of any kind; of 16 bits the upper eight are taken, as libpng
 * does for OpenCV. Each file has an instance of its own.
 *
 * @throws {MmsError} `bad_request` if it is damaged or ends early
 */
export async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  const module: { readonly default: unknown } = await import(
    "imagescript/wasm/node/png.js"
  );
  const png = await (module.default as PngModule).init(); // see its source
  const { width, height, framebuffer } = refuseFailure(
    "PNG",
    () => png.decode(bytes),
  );
  return { width, height, data: framebuffer };
}

/**
 * Decodes the first frame of a GIF, laid on its screen; what it leaves free is
 * black.
 *
 * @throws {MmsError} `bad_request` if it is damaged or ends early
 */
export async function decodeGif(
  bytes: Uint8Array,
  { width, height }: PictureHeader,
): Promise<Pixels> {
  const module: { readonly default: unknown } = await import(
    "imagescript/wasm/node/gif.js"
  );
  const { Decoder } = await (module.default as GifModule).init();
  const frame = refuseFailure("GIF", () => new Decoder(bytes).frame());
  if (frame === null) throw corruptedImage("the GIF has no frame");
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < frame.height; y++) {
    const row = 4 * frame.width * y;
    data.set(
      frame.buffer.subarray(row, row + 4 * frame.width),
      4 * ((frame.y + y) * width + frame.x),
    );
  }
  return { width, height, data };
}

function refuseFailure<T>(format: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw corruptedImage(
      `the ${format} is damaged or ends early: ${messageOf(error)}`,
      error,
    );
  }
}
