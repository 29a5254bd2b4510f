import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import type { PlainHeader } from "./picture_header.ts";

const SCREEN_BYTES = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
/** Codes of 12 bits, each for the longest string that LZW can know by then. */
const PIXELS_PER_BYTE = 2600;

/**
 * Reads the header of a GIF and of its first frame (GIF89a specification, §17
 * to §20). The picture is the screen, enlarged to hold that frame whole.
 */
export function readGifHeader(bytes: Uint8Array): PlainHeader {
  const reader = new ByteReader(bytes, "the GIF", "little");
  const frame = findFrame(reader);
  return {
    format: "GIF",
    width: Math.max(
      reader.u16(6),
      reader.u16(frame + 1) + reader.u16(frame + 5),
    ),
    height: Math.max(
      reader.u16(8),
      reader.u16(frame + 3) + reader.u16(frame + 7),
    ),
    orientation: 1,
    pixelsPerByte: PIXELS_PER_BYTE,
  };
}

/** Returns where the descriptor of the first frame is. */
function findFrame(reader: ByteReader): number {
  let at = SCREEN_BYTES + paletteBytes(reader.u8(10));
  for (;;) {
    const kind = reader.u8(at);
    if (kind === IMAGE) return at;
    if (kind !== EXTENSION) {
      throw corruptedImage(`the GIF has no frame at byte ${at}`);
    }
    at += 2; // its label
    for (let size = reader.u8(at); size > 0; size = reader.u8(at)) {
      at += 1 + size;
    }
    at += 1;
  }
}

/** The size of the palette that packed flags announce. */
function paletteBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
}
