import { MmsError } from "../../errors.ts";

/** `u32le headerLength, u32le bodyLength` before the header. */
export const PREFIX_BYTES = 8;

/** The longest header, as both sides of the protocol have it. */
export const MAX_HEADER_BYTES = 1 << 20;

/** Holds the longest body that the prefix can announce. */
export const MAX_BODY_BYTES = 0xffff_ffff;

/** A buffer that had to grow beyond this is given back once it is empty. */
export const KEEP_BYTES = 1 << 20;

/**
 * One message on the wire. `body` is a view that holds until the next frames
 * are received: what has to outlive that must be copied.
 */
export interface Frame {
  /** Parsed JSON, not checked any further. */
  readonly header: unknown;
  /** The binary parts, one after the other; the header says where they end. */
  readonly body: Uint8Array;
}

/** The sizes of a frame, as its prefix announces them, in bytes. */
export interface FrameSizes {
  readonly header: number;
  readonly body: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Reads the prefix at `offset`, of which all 8 bytes must be there.
 *
 * @throws {MmsError} `worker_died` if it announces more than is allowed
 */
export function readPrefix(
  bytes: Uint8Array,
  offset: number,
  maxBodyBytes: number,
): FrameSizes {
  const header = readU32(bytes, offset);
  const body = readU32(bytes, offset + 4);
  if (header > MAX_HEADER_BYTES) refuse("header", header, MAX_HEADER_BYTES);
  if (body > maxBodyBytes) refuse("body", body, maxBodyBytes);
  return { header, body };
}

/**
 * Parses the frame at `offset`, all of which must be there.
 *
 * @throws {MmsError} `worker_died` if the header is not JSON in UTF-8
 */
export function readFrame(
  bytes: Uint8Array,
  offset: number,
  sizes: FrameSizes,
): Frame {
  const start = offset + PREFIX_BYTES;
  const end = start + sizes.header;
  try {
    return {
      header: JSON.parse(decoder.decode(bytes.subarray(start, end))),
      body: bytes.subarray(end, end + sizes.body),
    };
  } catch (cause) {
    throw new MmsError(
      "worker_died",
      "Cannot read a frame: its header is not JSON in UTF-8",
      { cause },
    );
  }
}

/** Returns how much room a frame takes at most, in bytes. */
export function frameRoom(
  header: string,
  parts: readonly Uint8Array[],
): number {
  // UTF-8 takes at most three bytes for each UTF-16 code unit.
  let bytes = PREFIX_BYTES + 3 * header.length;
  for (const part of parts) bytes += part.length;
  return bytes;
}

/**
 * Writes a frame at `offset`, where there must be room for it, and returns the
 * offset after it.
 *
 * @throws {MmsError} `request_too_large` if its header or body is longer than
 * the format allows
 */
export function writeFrame(
  bytes: Uint8Array,
  offset: number,
  frame: { readonly header: string; readonly parts: readonly Uint8Array[] },
): number {
  const start = offset + PREFIX_BYTES;
  const room = bytes.subarray(start);
  const headerLength = encoder.encodeInto(frame.header, room).written;
  let end = start + headerLength;
  for (const part of frame.parts) {
    bytes.set(part, end);
    end += part.length;
  }
  const bodyLength = end - start - headerLength;
  requireSizes(headerLength, bodyLength);
  writeU32(bytes, offset, headerLength);
  writeU32(bytes, offset + 4, bodyLength);
  return end;
}

function requireSizes(header: number, body: number): void {
  if (header <= MAX_HEADER_BYTES && body <= MAX_BODY_BYTES) return;
  throw new MmsError(
    "request_too_large",
    header > MAX_HEADER_BYTES
      ? `Cannot send a message: its headers and names take ${header} bytes, at most ${MAX_HEADER_BYTES} are allowed`
      : `Cannot send a message: its body takes ${body} bytes, at most ${MAX_BODY_BYTES} are allowed`,
  );
}

function readU32(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! | bytes[offset + 1]! << 8 | bytes[offset + 2]! << 16 |
    bytes[offset + 3]! << 24) >>> 0;
}

function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

function refuse(what: string, bytes: number, allowed: number): never {
  throw new MmsError(
    "worker_died",
    `Cannot read a frame: its ${what} is ${bytes} bytes, at most ${allowed} are allowed`,
  );
}
