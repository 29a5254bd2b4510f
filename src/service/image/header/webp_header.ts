import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import type { PictureHeader } from "./image_header.ts";
import { exifOrientation, type Orientation } from "./orientation.ts";

/** "RIFF", the size of what follows, "WEBP". */
const FILE_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** What is said of a frame before the chunks in it. */
const FRAME_HEADER_BYTES = 16;
/** Lossy: more than two bits for a block of 16×16, whatever is in it. */
const LOSSY_PIXELS_PER_BYTE = 1024;
/** Lossless: twice what encoders make of a single colour. */
const LOSSLESS_PIXELS_PER_BYTE = 65536;

/** One chunk of the file. */
interface Chunk {
  readonly type: string;
  /** Where its data begins. */
  readonly at: number;
  readonly length: number;
}

/** Columns and rows. */
type Extents = readonly [number, number];

/**
 * Reads the header of a WebP (RFC 9649, §2).
 *
 * @throws {MmsError} `bad_request` if it ends early, or its first picture has
 * other extents than the file
 */
export function readWebpHeader(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, "the WebP", "little");
  const end = CHUNK_HEADER_BYTES + reader.u32(4);
  const chunks = readChunks(reader, FILE_HEADER_BYTES, end);
  const picture = findPicture(reader, chunks);
  if (picture === undefined) throw corruptedImage("the WebP holds no picture");
  const own = readExtents(reader, picture);
  const [width, height] = canvas(reader, chunks) ?? own;
  const isStill = chunks.includes(picture);
  if (
    own[0] > width || own[1] > height ||
    (isStill && (own[0] < width || own[1] < height))
  ) {
    throw corruptedImage(
      `the WebP is ${width} × ${height}, its picture ${own[0]} × ${own[1]}`,
    );
  }
  return {
    format: "WebP",
    width,
    height,
    orientation: findOrientation(reader, chunks),
    pixelsPerByte: isStill && picture.type === "VP8L"
      ? LOSSLESS_PIXELS_PER_BYTE
      : LOSSY_PIXELS_PER_BYTE,
  };
}

function readChunks(
  reader: ByteReader,
  from: number,
  end: number,
): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let at = from;
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

/** Returns the first chunk with pixels; in an animation, of its first frame. */
function findPicture(
  reader: ByteReader,
  chunks: readonly Chunk[],
): Chunk | undefined {
  const picture = chunks.find(({ type }) => type === "VP8 " || type === "VP8L");
  const frame = chunks.find(({ type }) => type === "ANMF");
  if (picture !== undefined || frame === undefined) return picture;
  const { at, length } = frame;
  return findPicture(
    reader,
    readChunks(reader, at + FRAME_HEADER_BYTES, at + length)
      .filter(({ type }) => type !== "ANMF"),
  );
}

function readExtents(reader: ByteReader, { type, at }: Chunk): Extents {
  const FOURTEEN_BITS = 0x3fff;
  if (type === "VP8 ") {
    return [
      reader.u16(at + 6) & FOURTEEN_BITS,
      reader.u16(at + 8) & FOURTEEN_BITS,
    ];
  }
  const bits = reader.u32(at + 1);
  return [(bits & FOURTEEN_BITS) + 1, (bits >>> 14 & FOURTEEN_BITS) + 1];
}

/** `undefined` where the file holds nothing but one picture. */
function canvas(
  reader: ByteReader,
  chunks: readonly Chunk[],
): Extents | undefined {
  const extended = chunks.find(({ type }) => type === "VP8X");
  if (extended === undefined) return undefined;
  const { at } = extended;
  return [
    (reader.u32(at + 4) & 0xffffff) + 1,
    (reader.u32(at + 6) >>> 8) + 1,
  ];
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
