import { messageOf } from "../../errors.ts";
import type { Pixels } from "../../tensor/mod.ts";
import {
  type Emscripten,
  type EmscriptenFactory,
  type EmscriptenModule,
  instantiateEmscripten,
} from "./emscripten.ts";
import type { JpegHeader } from "./header/jpeg_header.ts";
import { corruptedImage } from "./image_error.ts";
import { KeptInstance } from "./kept_instance.ts";
import { speedUpMozjpeg } from "./mozjpeg_simd.ts";
import type { PooledPixels } from "./pixel_pool.ts";
import { type Decoded, MozjpegDecoder } from "./mozjpeg_decoder.ts";
import { wasmFile } from "./wasm_file.ts";

/** The encoder of @jsquash/jpeg. */
interface Encoder extends EmscriptenModule {
  encode(
    data: Uint8Array,
    width: number,
    height: number,
    options: typeof ENCODE_OPTIONS,
  ): Uint8Array;
}

/** As OpenCV encodes: quality 95, baseline, chroma halved both ways. */
const ENCODE_OPTIONS = {
  quality: 95,
  baseline: true,
  arithmetic: false,
  progressive: false,
  optimize_coding: true,
  smoothing: 0,
  color_space: 3, // YCbCr
  quant_table: 0, // ITU-T T.81, annex K
  trellis_multipass: false,
  trellis_opt_zero: false,
  trellis_opt_table: false,
  trellis_loops: 1,
  auto_subsample: false,
  chroma_subsample: 2,
  separate_chroma_quality: false,
  chroma_quality: 95,
};

const decoder = new KeptInstance<MozjpegDecoder, Decoded>({
  make: makeDecoder,
  bytesHeld: ({ bytes }) => bytes,
});

const encoder = new KeptInstance<Emscripten<Encoder>, Uint8Array>({
  make: makeEncoder,
  bytesHeld: ({ module }) => module.HEAPU8.length,
});

/**
 * Decodes a grey or colour JPEG to the same pixels as the original, with
 * libjpeg's arithmetic (mozjpeg).
 *
 * @throws {MmsError} `bad_request` if it is damaged or ends early
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  header: JpegHeader,
): Promise<PooledPixels> {
  const jpeg = header.isEnded ? bytes : withEndMarker(bytes, header);
  const { pixels, messages } = await decoder.run((own) =>
    decode(own, jpeg, header)
  );
  const early = messages.find((line) => !header.isEnded || isEarlyEnd(line));
  if (pixels === undefined || early !== undefined) {
    throw corruptedImage(`the JPEG ends early: ${early ?? "it has no pixels"}`);
  }
  return pixels;
}

/** Encodes a picture with quality 95; the fourth bytes do not count. */
export function encodeJpeg(pixels: Pixels): Promise<Uint8Array> {
  const { data, width, height } = pixels;
  return encoder.run(({ module }) =>
    module.encode(data, width, height, ENCODE_OPTIONS)
  );
}

function decode(
  own: MozjpegDecoder,
  jpeg: Uint8Array,
  header: JpegHeader,
): Decoded {
  try {
    return own.decode(jpeg, header);
  } catch (error) {
    throw corruptedImage(
      `the JPEG cannot be decoded: ${messageOf(error)}`,
      error,
    );
  }
}

/**
 * Returns a file that lacks nothing but its end marker with it, so that every
 * warning of the decoder is about pixels.
 */
function withEndMarker(bytes: Uint8Array, header: JpegHeader): Uint8Array {
  if (!header.isComplete) {
    throw corruptedImage(
      `the JPEG ends early, after ${bytes.length} bytes, before its last scan`,
    );
  }
  const ended = new Uint8Array(bytes.length + 2);
  ended.set(bytes);
  ended.set([0xff, 0xd9], bytes.length);
  return ended;
}

/** Whether libjpeg says that pixels are missing, not just bytes too many. */
function isEarlyEnd(message: string): boolean {
  return /premature end|marker 0xd9 instead/i.test(message);
}

async function makeDecoder(): Promise<MozjpegDecoder> {
  const [{ default: factory }, { module, sha256 }] = await Promise.all([
    import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js"),
    wasmFile("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  ]);
  return await MozjpegDecoder.create(factory, module, {
    instance: (instance) => speedUpMozjpeg(instance, sha256),
  });
}

async function makeEncoder(): Promise<Emscripten<Encoder>> {
  const [{ default: factory }, { module }] = await Promise.all([
    import("@jsquash/jpeg/codec/enc/mozjpeg_enc.js"),
    wasmFile("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"),
  ]);
  // its own declarations name types that the package does not have
  const typed = factory as unknown as EmscriptenFactory<Encoder>;
  return await instantiateEmscripten(typed, module);
}
