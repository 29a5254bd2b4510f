import type { MmsError } from "../../../errors.ts";
import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import type { PictureHeader } from "./picture_header.ts";
import { exifOrientation, type Orientation } from "./orientation.ts";

/** What a WebP says of itself, and where its first picture is. */
export interface WebpHeader extends PictureHeader {
  /** The format's name. */
  readonly format: "WebP";
  /** The first picture. */
  readonly picture: WebpPicture;
}

/** One picture of a file. */
export interface WebpPicture {
  /** Where its chunk is, the chunk's header included. */
  readonly at: number;
  /** How many bytes the chunk has, its header included. */
  readonly length: number;
  /** Columns of the canvas before it. */
  readonly left: number;
  /** Rows of the canvas above it. */
  readonly top: number;
}

/** "RIFF", the size of what follows, "WEBP". */
const FILE_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** What is said of a frame before the chunks in it. */
const FRAME_HEADER_BYTES = 16;
/** Lossy: more than two bits for a block of 16×16, whatever is in it. */
const LOSSY_PIXELS_PER_BYTE = 1024;
/** Lossless: twice what encoders make of a single colour. */
const LOSSLESS_PIXELS_PER_BYTE = 65536;

/** Columns and rows. */
type Extents = readonly [number, number];

/** One chunk of the file. */
interface Chunk {
  readonly type: string;
  /** Where its data begins. */
  readonly at: number;
  readonly length: number;
}

/**
 * Reads the header of a WebP (RFC 9649, §2).
 *
 * @throws {MmsError} `bad_request` if it ends early, or its first picture does
 * not fit it
 */
export function readWebpHeader(bytes: Uint8Array): WebpHeader {
  const reader = new ByteReader(bytes, "the WebP", "little");
  const chunks = readChunks(
    reader,
    FILE_HEADER_BYTES,
    CHUNK_HEADER_BYTES + reader.u32(4),
  );
  const frame = findChunk(chunks, "ANMF");
  const picture = findPicture(frame ? inFrame(reader, frame) : chunks);
  const own = extentsOf(reader, picture);
  const canvas = canvasOf(reader, chunks) ?? own;
  const [left, top] = frame ? offsetOf(reader, frame) : [0, 0];
  const isStill = frame === undefined;
  if (isStill ? !areEqual(own, canvas) : !isInside(own, canvas, [left, top])) {
    throw misfit(own, canvas);
  }
  return {
    format: "WebP",
    width: canvas[0],
    height: canvas[1],
    orientation: orientationOf(reader, chunks),
    pixelsPerByte: isStill && picture.type === "VP8L"
      ? LOSSLESS_PIXELS_PER_BYTE
      : LOSSY_PIXELS_PER_BYTE,
    picture: {
      at: picture.at - CHUNK_HEADER_BYTES,
      length: picture.length + CHUNK_HEADER_BYTES,
      left,
      top,
    },
  };
}

function areEqual(a: Extents, b: Extents): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function isInside(own: Extents, canvas: Extents, offset: Extents): boolean {
  return own[0] + offset[0] <= canvas[0] && own[1] + offset[1] <= canvas[1];
}

function misfit(own: Extents, canvas: Extents): MmsError {
  return corruptedImage(
    `the WebP is ${canvas[0]} × ${canvas[1]}, its picture ${own[0]} × ${
      own[1]
    }`,
  );
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

function inFrame(
  reader: ByteReader,
  { at, length }: Chunk,
): readonly Chunk[] {
  return readChunks(reader, at + FRAME_HEADER_BYTES, at + length);
}

function findChunk(
  chunks: readonly Chunk[],
  ...types: readonly string[]
): Chunk | undefined {
  return chunks.find(({ type }) => types.includes(type));
}

function findPicture(chunks: readonly Chunk[]): Chunk {
  const picture = findChunk(chunks, "VP8 ", "VP8L");
  if (picture === undefined) throw corruptedImage("the WebP holds no picture");
  return picture;
}

/** Columns and rows, of 14 bits each. */
function extentsOf(
  reader: ByteReader,
  { type, at }: Chunk,
): Extents {
  if (type === "VP8 ") {
    return [reader.u16(at + 6) & 0x3fff, reader.u16(at + 8) & 0x3fff];
  }
  const bits = reader.u32(at + 1);
  return [(bits & 0x3fff) + 1, (bits >>> 14 & 0x3fff) + 1];
}

/** `undefined` where the file holds nothing but one picture. */
function canvasOf(
  reader: ByteReader,
  chunks: readonly Chunk[],
): Extents | undefined {
  const extended = findChunk(chunks, "VP8X");
  if (extended === undefined) return undefined;
  const { at } = extended;
  return [u24(reader, at + 4) + 1, u24(reader, at + 7) + 1];
}

/** Columns and rows before a frame, which are even. */
function offsetOf(
  reader: ByteReader,
  { at }: Chunk,
): Extents {
  return [2 * u24(reader, at), 2 * u24(reader, at + 3)];
}

function u24(reader: ByteReader, at: number): number {
  return reader.u16(at) + reader.u8(at + 2) * 2 ** 16;
}

function orientationOf(
  reader: ByteReader,
  chunks: readonly Chunk[],
): Orientation {
  const exif = findChunk(chunks, "EXIF");
  return exif === undefined
    ? 1
    : exifOrientation(reader.bytes(exif.at, exif.length));
}
