import type { Pixels } from "../../tensor/mod.ts";
import type { ImageHeader } from "./header/image_header.ts";
import { corruptedImage } from "./image_error.ts";
import { compileWasmFile } from "./wasm_file.ts";

/** What is used of photon's WebAssembly module. */
interface Photon {
  readonly memory: WebAssembly.Memory;
  __wbindgen_malloc(length: number, alignment: number): number;
  /** Takes over the bytes, returns a picture; traps if it cannot. */
  photonimage_new_from_byteslice(bytes: number, length: number): number;
  photonimage_get_width(picture: number): number;
  photonimage_get_height(picture: number): number;
  /** Address and length of R, G, B, A. */
  photonimage_get_raw_pixels(picture: number): readonly [number, number];
}

/** Keeps the package in the module graph, and so in a compiled binary. */
export type { PhotonImage } from "@cf-wasm/photon/others";

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Decodes BMP, TIFF, WebP and CMYK JPEG (image-rs inside). Its own bindings
 * cannot recover from a bad file, so this one calls the WebAssembly directly,
 * with an instance for each picture, whose memory goes with it.
 *
 * @throws {MmsError} `bad_request` if it is damaged, ends early or is of a kind
 * that image-rs does not read
 */
export async function decodeWithPhoton(
  bytes: Uint8Array,
  { format }: ImageHeader,
): Promise<Pixels> {
  compiled ??= compileWasmFile("@cf-wasm/photon/photon.wasm");
  const photon = instantiate(await compiled);
  try {
    return decode(photon, bytes);
  } catch (error) {
    throw corruptedImage(
      `the ${format} is damaged, ends early or is of a kind that is not read`,
      error,
    );
  }
}

/** The imports are for drawing in browsers, and for messages. */
function instantiate(module: WebAssembly.Module): Photon {
  const imports: Record<string, Record<string, () => undefined>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => undefined;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  return exports as unknown as Photon; // see its source
}

function decode(photon: Photon, bytes: Uint8Array): Pixels {
  const address = photon.__wbindgen_malloc(bytes.length, 1);
  new Uint8Array(photon.memory.buffer, address, bytes.length).set(bytes);
  const picture = photon.photonimage_new_from_byteslice(address, bytes.length);
  const [pixels, length] = photon.photonimage_get_raw_pixels(picture);
  return {
    width: photon.photonimage_get_width(picture),
    height: photon.photonimage_get_height(picture),
    data: new Uint8Array(photon.memory.buffer, pixels, length).slice(),
  };
}
