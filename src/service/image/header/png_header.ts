import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import { exifOrientation, type Orientation } from "./orientation.ts";
import type { PlainHeader } from "./picture_header.ts";

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around the data of a chunk. */
const CHUNK_BYTES = 12;
/** What deflate can do, 1032 : 1, on one bit a pixel. */
const PIXELS_PER_BYTE = 8 * 1032;

/** Reads the header of a PNG (PNG specification, third edition, §11). */
export function readPngHeader(bytes: Uint8Array): PlainHeader {
  const reader = new ByteReader(bytes, "the PNG", "big");
  const data = SIGNATURE_BYTES + 8;
  if (reader.text(SIGNATURE_BYTES + 4, 4) !== "IHDR") {
    throw corruptedImage("the PNG does not begin with its header");
  }
  return {
    format: "PNG",
    width: reader.u32(data),
    height: reader.u32(data + 4),
    orientation: findOrientation(reader),
    pixelsPerByte: PIXELS_PER_BYTE,
  };
}

/** Looks for an eXIf chunk; what is left of a cut chunk is not looked at. */
function findOrientation(reader: ByteReader): Orientation {
  let at = SIGNATURE_BYTES;
  while (at + CHUNK_BYTES <= reader.length) {
    const length = reader.u32(at);
    const isExif = reader.text(at + 4, 4) === "eXIf";
    if (isExif && at + CHUNK_BYTES + length <= reader.length) {
      return exifOrientation(reader.bytes(at + 8, length));
    }
    at += CHUNK_BYTES + length;
  }
  return 1;
}
