import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import type { PlainHeader } from "./picture_header.ts";

/** The size of OS/2's header, whose extents have 16 bits. */
const CORE_HEADER_BYTES = 12;
/** BI_RGB, BI_BITFIELDS and BI_ALPHABITFIELDS: rows of a known length. */
const UNCOMPRESSED = [0, 3, 6];
/** Run-length codes hold 128; the rest is for codes that skip pixels. */
const PIXELS_PER_BYTE = 4096;

/** Reads the header of a BMP (Microsoft, "Bitmap Storage"). */
export function readBmpHeader(bytes: Uint8Array): PlainHeader {
  const reader = new ByteReader(bytes, "the BMP", "little");
  const isCore = reader.u32(14) === CORE_HEADER_BYTES;
  const width = isCore ? reader.u16(18) : reader.i32(18);
  const height = Math.abs(isCore ? reader.u16(20) : reader.i32(22));
  const bits = reader.u16(isCore ? 24 : 28);
  if (isCore || UNCOMPRESSED.includes(reader.u32(30))) {
    const rowBytes = Math.ceil(width * bits / 32) * 4;
    reader.need(reader.u32(10), rowBytes * height);
  }
  if (width < 0) {
    throw corruptedImage(`the BMP is ${width} pixels wide`);
  }
  return {
    format: "BMP",
    width,
    height,
    orientation: 1,
    pixelsPerByte: PIXELS_PER_BYTE,
  };
}
