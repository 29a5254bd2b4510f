import type { Pixels } from "../../tensor/mod.ts";
import type { PlainHeader } from "./header/picture_header.ts";
import { corruptedImage } from "./image_error.ts";
import { KeptInstance } from "./kept_instance.ts";
import { onCanvas } from "./on_canvas.ts";

/** One instance of imagescript's PNG decoder. */
interface PngDecoder {
  decode(png: Uint8Array): {
    readonly width: number;
    readonly height: number;
    /** R, G, B, A. */
    readonly framebuffer: Uint8Array;
  };
}

/** One instance of imagescript's GIF decoder. */
interface GifDecoder {
  readonly Decoder: new (gif: Uint8Array) => {
    frame(): GifFrame | null;
    free(): void;
  };
}

interface GifFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** R, G, B, A, and bytes that do not belong to it. */
  readonly buffer: Uint8Array;
}

/** A decoder's module, which has no declarations of its own. */
interface DecoderModule<T> {
  readonly default: { init(): Promise<T> };
}

const pngDecoder = new KeptInstance<PngDecoder, Pixels>({
  // the decoder alone, without the package's native library
  async make() {
    const module: unknown = await import("imagescript/wasm/node/png.js");
    return await (module as DecoderModule<PngDecoder>).default.init();
  },
  bytesHeld: (_, { data }) => data.length,
});

const gifDecoder = new KeptInstance<GifDecoder, GifFrame | null>({
  async make() {
    const module: unknown = await import("imagescript/wasm/node/gif.js");
    return await (module as DecoderModule<GifDecoder>).default.init();
  },
  bytesHeld: (_, frame) => frame?.buffer.length ?? 0,
});

/**
 * Decodes a PNG of any kind; of 16 bits the upper eight are taken, as libpng
 * does for OpenCV.
 *
 * @throws {MmsError} `bad_request` if it is damaged or ends early
 */
export function decodePng(bytes: Uint8Array): Promise<Pixels> {
  return pngDecoder.run((png) => {
    const { width, height, framebuffer } = refuseFailure(
      "PNG",
      () => png.decode(bytes),
    );
    return { width, height, data: framebuffer };
  });
}

/**
 * Decodes the first frame of a GIF, laid on its screen; what it leaves free is
 * black.
 *
 * @throws {MmsError} `bad_request` if it is damaged or ends early
 */
export async function decodeGif(
  bytes: Uint8Array,
  { width, height }: PlainHeader,
): Promise<Pixels> {
  const frame = await gifDecoder.run(({ Decoder }) =>
    refuseFailure("GIF", () => {
      const gif = new Decoder(bytes);
      const frame = gif.frame();
      gif.free();
      return frame;
    })
  );
  if (frame === null) throw corruptedImage("the GIF has no frame");
  return onCanvas(
    { width: frame.width, height: frame.height, data: frame.buffer },
    { left: frame.x, top: frame.y, width, height },
  );
}

function refuseFailure<T>(format: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw corruptedImage(`the ${format} is damaged or ends early`, error);
  }
}
