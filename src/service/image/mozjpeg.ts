import { messageOf } from "../../errors.ts";
import type { Pixels } from "../../tensor/mod.ts";
import {
  EmscriptenCodec,
  type EmscriptenFactory,
  type EmscriptenModule,
} from "./emscripten_codec.ts";
import type { JpegHeader } from "./header/jpeg_header.ts";
import { corruptedImage } from "./image_error.ts";
import { compileWasmFile } from "./wasm_file.ts";

/** The decoder of @jsquash/jpeg. */
interface Decoder extends EmscriptenModule {
  decode(jpeg: Uint8Array, honourOrientation: boolean): ImageData | null;
}

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

let decoder: Promise<EmscriptenCodec<Decoder>> | undefined;
let encoder: Promise<EmscriptenCodec<Encoder>> | undefined;

/**
 * Decodes a grey or colour JPEG to the same pixels as the original, with
 * libjpeg's arithmetic (mozjpeg).
 *
 * @throws {MmsError} `bad_request` if it is damaged or ends early
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  header: JpegHeader,
): Promise<Pixels> {
  const codec = await (decoder ??= loadDecoder());
  const jpeg = header.isEnded ? bytes : withEndMarker(bytes, header);
  const { result, messages } = await codec
    .run((module) => module.decode(jpeg, false))
    .catch((error) => {
      throw corruptedImage(
        `the JPEG cannot be decoded: ${messageOf(error)}`,
        error,
      );
    });
  const warning = messages.find((line) => !header.isEnded || isEarlyEnd(line));
  if (result === null || warning !== undefined) {
    throw corruptedImage(`the JPEG ends early: ${warning ?? "no pixels"}`);
  }
  const { width, height, data } = result;
  return {
    width,
    height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}

/** Encodes a picture with quality 95; the fourth bytes do not count. */
export async function encodeJpeg(pixels: Pixels): Promise<Uint8Array> {
  const { data, width, height } = pixels;
  const codec = await (encoder ??= loadEncoder());
  const { result } = await codec.run((module) =>
    module.encode(data, width, height, ENCODE_OPTIONS)
  );
  return result;
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

async function loadDecoder(): Promise<EmscriptenCodec<Decoder>> {
  const [{ default: factory }, module] = await Promise.all([
    import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js"),
    compileWasmFile("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  ]);
  // its own declarations name types that the package does not have
  const typed = factory as unknown as EmscriptenFactory<Decoder>;
  return new EmscriptenCodec(typed, module);
}

async function loadEncoder(): Promise<EmscriptenCodec<Encoder>> {
  const [{ default: factory }, module] = await Promise.all([
    import("@jsquash/jpeg/codec/enc/mozjpeg_enc.js"),
    compileWasmFile("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"),
  ]);
  const typed = factory as unknown as EmscriptenFactory<Encoder>;
  return new EmscriptenCodec(typed, module);
}
