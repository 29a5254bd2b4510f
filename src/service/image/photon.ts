import type { Pixels } from "../../tensor/mod.ts";
import type { ImageHeader } from "./header/image_header.ts";
import { corruptedImage } from "./image_error.ts";
import { KeptInstance } from "./kept_instance.ts";
import { wasmFile } from "./wasm_file.ts";

/** Keeps the package in the module graph, and so in a compiled binary. */
export type { PhotonImage } from "@cf-wasm/photon/others";

/** What is used of photon's WebAssembly module. */
interface Photon {
  readonly memory: WebAssembly.Memory;
  __wbindgen_malloc(length: number, alignment: number): number;
  __wbindgen_free(address: number, length: number, alignment: number): void;
  /** Takes over the bytes, returns a picture; traps if it cannot. */
  photonimage_new_from_byteslice(bytes: number, length: number): number;
  photonimage_get_width(picture: number): number;
  photonimage_get_height(picture: number): number;
  /** Address and length of R, G, B, A, which are the caller's to free. */
  photonimage_get_raw_pixels(picture: number): readonly [number, number];
  __wbg_photonimage_free(picture: number, unused: 0): void;
}

const photon = new KeptInstance<Photon, Pixels>({
  make: makePhoton,
  bytesHeld: ({ memory }) => memory.buffer.byteLength,
});

/**
 * Decodes BMP, TIFF and CMYK JPEG (image-rs inside). Its own bindings
 * cannot recover from a bad file, so this calls the WebAssembly directly.
 *
 * @throws {MmsError} `bad_request` if it is damaged, ends early or is of a kind
 * that image-rs does not read
 */
export function decodeWithPhoton(
  bytes: Uint8Array,
  { format }: ImageHeader,
): Promise<Pixels> {
  return photon.run((own) => {
    try {
      return decode(own, bytes);
    } catch (error) { // a trap, without a reason
      throw corruptedImage(
        `the ${format} is damaged, ends early or is of a kind that is not read`,
        error,
      );
    }
  });
}

async function makePhoton(): Promise<Photon> {
  const { module } = await wasmFile("@cf-wasm/photon/photon.wasm");
  const imports: Record<string, Record<string, () => undefined>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => undefined; // for drawing, and for messages
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  return exports as unknown as Photon; // see its source
}

function decode(photon: Photon, bytes: Uint8Array): Pixels {
  const address = photon.__wbindgen_malloc(bytes.length, 1);
  new Uint8Array(photon.memory.buffer, address, bytes.length).set(bytes);
  const picture = photon.photonimage_new_from_byteslice(address, bytes.length);
  const [pixels, length] = photon.photonimage_get_raw_pixels(picture);
  const width = photon.photonimage_get_width(picture);
  const height = photon.photonimage_get_height(picture);
  const data = new Uint8Array(photon.memory.buffer, pixels, length).slice();
  photon.__wbindgen_free(pixels, length, 1);
  photon.__wbg_photonimage_free(picture, 0);
  return { width, height, data };
}
