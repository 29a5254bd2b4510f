import type { Pixels } from "../../tensor/mod.ts";
import {
  type Emscripten,
  type EmscriptenFactory,
  type EmscriptenModule,
  instantiateEmscripten,
} from "./emscripten.ts";
import type { WebpHeader } from "./header/webp_header.ts";
import { corruptedImage } from "./image_error.ts";
import { KeptInstance } from "./kept_instance.ts";
import { onCanvas } from "./on_canvas.ts";
import { wasmFile } from "./wasm_file.ts";

/** The decoder of @jsquash/webp. */
interface Decoder extends EmscriptenModule {
  decode(webp: Uint8Array): ImageData | null;
}

const decoder = new KeptInstance<Emscripten<Decoder>, Pixels>({
  make: makeDecoder,
  bytesHeld: ({ module }) => module.HEAPU8.length,
});

/**
 * Decodes a WebP, of an animation the first frame, to the pixels of libwebp,
 * which OpenCV uses too. Alpha is not even decoded.
 *
 * @throws {MmsError} `bad_request` if it is damaged
 */
export async function decodeWebp(
  bytes: Uint8Array,
  { picture, width, height }: WebpHeader,
): Promise<Pixels> {
  const { at, length, left, top } = picture;
  const still = stillPicture(bytes.subarray(at, at + length));
  const frame = await decoder.run(({ module }) => decode(module, still));
  return onCanvas(frame, { left, top, width, height });
}

function decode(module: Decoder, webp: Uint8Array): Pixels {
  const { data, width, height } = attempt(() => module.decode(webp));
  return {
    width,
    height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}

function attempt(decode: () => ImageData | null): ImageData {
  let cause: unknown;
  try {
    const picture = decode();
    if (picture !== null) return picture;
  } catch (error) { // not an Error, and without a reason
    cause = error;
  }
  throw corruptedImage("the WebP is damaged", cause);
}

/** Returns a WebP file of nothing but one chunk, its header included. */
function stillPicture(chunk: Uint8Array): Uint8Array {
  const start = new TextEncoder().encode("RIFF....WEBP");
  const file = new Uint8Array(start.length + chunk.length + chunk.length % 2);
  file.set(start);
  file.set(chunk, start.length);
  new DataView(file.buffer).setUint32(4, file.length - 8, true);
  return file;
}

async function makeDecoder(): Promise<Emscripten<Decoder>> {
  const [{ default: factory }, { module }] = await Promise.all([
    import("@jsquash/webp/codec/dec/webp_dec.js"),
    wasmFile("@jsquash/webp/codec/dec/webp_dec.wasm"),
  ]);
  // its own declarations name types that the package does not have
  const typed = factory as unknown as EmscriptenFactory<Decoder>;
  return await instantiateEmscripten(typed, module);
}
