import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import type { PictureHeader } from "./image_header.ts";
import { exifOrientation, type Orientation } from "./orientation.ts";

/** "RIFF", the size of what follows, "WEBP". */
const FILE_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** One chunk of the file. */
interface Chunk {
  readonly type: string;
  /** Where its data begins. */
  readonly at: number;
  readonly length: number;
}

/** Reads the header of a WebP (RFC 9649, §2). */
export function readWebpHeader(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, "the WebP", "little");
  const chunks = readChunks(reader);
  const extents = chunks.map((chunk) => readExtents(reader, chunk))
    .find((it) => it !== undefined);
  if (extents === undefined) {
    throw corruptedImage("the WebP holds no picture");
  }
  const [width, height] = extents;
  return {
    format: "WebP",
    width,
    height,
    orientation: findOrientation(reader, chunks),
  };
}

function readChunks(reader: ByteReader): readonly Chunk[] {
  const end = CHUNK_HEADER_BYTES + reader.u32(4);
  const chunks: Chunk[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES <= end) {
    const type = reader.text(at, 4);
    const length = reader.u32(at + 4);
    at += CHUNK_HEADER_BYTES;
    reader.need(at, length);
    chunks.push({ type, at, length });
    at += length + length % 2;
  }
  return chunks;
}

function readExtents(
  reader: ByteReader,
  { type, at }: Chunk,
): readonly [number, number] | undefined {
  const FOURTEEN_BITS = 0x3fff;
  switch (type) {
    case "VP8X": {
      const u24 = (from: number) => reader.u32(from) & 0xffffff;
      return [u24(at + 4) + 1, (reader.u32(at + 6) >>> 8) + 1];
    }
    case "VP8L": {
      const bits = reader.u32(at + 1);
      return [
        (bits & FOURTEEN_BITS) + 1,
        (bits >>> 14 & FOURTEEN_BITS) + 1,
      ];
    }
    case "VP8 ":
      return [
        reader.u16(at + 6) & FOURTEEN_BITS,
        reader.u16(at + 8) & FOURTEEN_BITS,
      ];
  }
}

function findOrientation(
  reader: ByteReader,
  chunks: readonly Chunk[],
): Orientation {
  const exif = chunks.find(({ type }) => type === "EXIF");
  return exif === undefined
    ? 1
    : exifOrientation(reader.bytes(exif.at, exif.length));
}
