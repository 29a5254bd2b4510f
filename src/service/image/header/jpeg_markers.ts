import { corruptedImage } from "../image_error.ts";
import type { ByteReader } from "./byte_reader.ts";

/** One marker of a JPEG, and what belongs to it. */
export interface Segment {
  /** Its second byte. */
  readonly marker: number;
  /** Where its parameters begin. */
  readonly at: number;
  /** How many bytes they are; they may exceed a file that was cut off. */
  readonly length: number;
}

const START_OF_FILE = 2;
const LENGTH_BYTES = 2;
const EOI = 0xd9;

/**
 * Finds the markers of a JPEG one after the other, up to its end marker or the
 * last byte. Anything between them is skipped: pixels, and bytes that do not
 * belong there.
 */
export function* jpegMarkers(reader: ByteReader): Generator<Segment> {
  let at = reader.find(0xff, START_OF_FILE);
  while (at >= 0) {
    while (at < reader.length && reader.u8(at) === 0xff) at++; // fill bytes
    if (at + 1 + LENGTH_BYTES > reader.length && !isEnd(reader, at)) return;
    const marker = reader.u8(at);
    at += 1;
    if (marker === EOI) return yield { marker, at, length: 0 };
    if (!standsAlone(marker)) {
      const size = reader.u16(at);
      if (size < LENGTH_BYTES) {
        throw corruptedImage(`the JPEG has a segment of ${size} bytes`);
      }
      const length = size - LENGTH_BYTES;
      yield { marker, at: at + LENGTH_BYTES, length };
      at += size;
    }
    at = reader.find(0xff, at);
  }
}

function isEnd(reader: ByteReader, at: number): boolean {
  return at < reader.length && reader.u8(at) === EOI;
}

/** Stuffed bytes, TEM, restarts and starts of file have no parameters. */
function standsAlone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
