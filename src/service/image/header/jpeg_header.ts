import { corruptedImage } from "../image_error.ts";
import { ByteReader } from "./byte_reader.ts";
import { jpegMarkers, type Segment } from "./jpeg_markers.ts";
import { exifOrientation, type Orientation } from "./orientation.ts";
import type { PictureHeader } from "./picture_header.ts";
import { type Scan, ScanProgress } from "./scan_progress.ts";

/** What a JPEG says of itself before and between its pixels. */
export interface JpegHeader extends PictureHeader {
  /** The format's name. */
  readonly format: "JPEG";
  /** 1 grey, 3 colour, 4 CMYK. */
  readonly components: number;
  /** Whether the file has its end marker. */
  readonly isEnded: boolean;
  /** Whether scans began for everything that the frame announces. */
  readonly isComplete: boolean;
}

/** The picture's extents, and the components by their numbers. */
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly number[];
  readonly isProgressive: boolean;
}

/** Second bytes of markers (ITU-T T.81, table B.1). */
const MARKER = { progressive: 0xc2, eoi: 0xd9, sos: 0xda, app1: 0xe1 } as const;
/** Baseline, extended and progressive frames, with Huffman codes. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];
/** Lossless, hierarchical and arithmetic frames. */
const OTHER_FRAMES: readonly number[] = [
  ...[0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf],
];
/** One bit for a block of 8×8, and as much again for subsampling as it takes. */
const PIXELS_PER_BYTE = 4 * 512;
/** Many more than encoders make; each costs a pass over the whole picture. */
const MAX_SCANS = 200;

/**
 * Reads every marker of a JPEG up to its end (ITU-T T.81, annex B), jumping
 * over the pixels. What follows the end marker does not matter.
 *
 * @throws {MmsError} `bad_request` if it ends before its pixels, or is of a
 * kind that is not decoded
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const reader = new ByteReader(bytes, "the JPEG", "big");
  let frame: Frame | undefined;
  let progress: ScanProgress | undefined;
  let orientation: Orientation | undefined;
  let isEnded = false;
  for (const segment of jpegMarkers(reader)) {
    const { marker } = segment;
    refuseKind(marker);
    if (FRAMES.includes(marker)) {
      frame = readFrame(reader, segment);
      progress = new ScanProgress(frame.components);
    } else if (marker === MARKER.sos && frame !== undefined) {
      progress?.add(readScan(reader, segment, frame));
      refuseScans(progress?.count ?? 0);
    } else if (marker === MARKER.app1) {
      orientation ??= readOrientation(reader, segment);
    }
    isEnded = marker === MARKER.eoi;
  }
  if (frame === undefined || progress === undefined || progress.count === 0) {
    throw corruptedImage(`the JPEG ends early, after ${bytes.length} bytes`);
  }
  return {
    ...{ format: "JPEG", width: frame.width, height: frame.height },
    orientation: orientation ?? 1,
    pixelsPerByte: PIXELS_PER_BYTE,
    components: frame.components.length,
    ...{ isEnded, isComplete: progress.isComplete() },
  };
}

function refuseKind(marker: number): void {
  if (OTHER_FRAMES.includes(marker)) {
    throw corruptedImage(
      "the JPEG is lossless, hierarchical or arithmetic, baseline and progressive are decoded",
    );
  }
}

function refuseScans(count: number): void {
  if (count > MAX_SCANS) {
    throw corruptedImage(`the JPEG has more than ${MAX_SCANS} scans`);
  }
}

function readFrame(reader: ByteReader, { marker, at }: Segment): Frame {
  const precision = reader.u8(at);
  if (precision !== 8) {
    throw corruptedImage(
      `the JPEG has ${precision} bits a sample, 8 are decoded`,
    );
  }
  const count = reader.u8(at + 5);
  return {
    height: reader.u16(at + 1),
    width: reader.u16(at + 3),
    components: Array.from(
      { length: count },
      (_, i) => reader.u8(at + 6 + 3 * i),
    ),
    isProgressive: marker === MARKER.progressive,
  };
}

function readScan(reader: ByteReader, { at }: Segment, frame: Frame): Scan {
  const count = reader.u8(at);
  const components = Array.from(
    { length: count },
    (_, i) => reader.u8(at + 1 + 2 * i),
  );
  const end = at + 1 + 2 * count;
  const [first, last, bits] = [0, 1, 2].map((i) => reader.u8(end + i));
  return frame.isProgressive
    ? { components, first: first!, last: last!, lowBit: bits! & 0x0f }
    : { components, first: 0, last: 63, lowBit: 0 };
}

/** Reads an EXIF block (EXIF 2.32 §4.5.4); `undefined` for other blocks. */
function readOrientation(
  reader: ByteReader,
  { at, length }: Segment,
): Orientation | undefined {
  const NAME = "Exif\0\0";
  const block = reader.bytes(at, length);
  const name = String.fromCharCode(...block.subarray(0, NAME.length));
  return name === NAME
    ? exifOrientation(block.subarray(NAME.length))
    : undefined;
}
