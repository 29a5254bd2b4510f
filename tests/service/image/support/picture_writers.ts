/**
 * Writes small BMP, GIF and WebP files, byte by byte.
 *
 * @module
 */

import { ascii, packRows, type Samples, u16, u32 } from "./bytes.ts";

/** Returns a BMP of 24 bits; a negative height stores the top row first. */
export function bmp(
  width: number,
  height: number,
  rgb: Samples,
): Uint8Array<ArrayBuffer> {
  const rows = packRows(rgb, 3 * width, 8).map((row) => [
    ...row.flatMap((_, i) =>
      i % 3 === 0 ? [row[i + 2]!, row[i + 1]!, row[i]!] : []
    ),
    ...Array<number>((4 - row.length % 4) % 4).fill(0),
  ]);
  const data = (height < 0 ? rows : rows.toReversed()).flat();
  return Uint8Array.from([
    ...[...ascii("BM"), ...u32(54 + data.length, 0, 54)],
    ...[...u32(40, width, height), ...u16(1, 24), ...u32(0, data.length)],
    ...[...u32(0, 0, 0, 0), ...data],
  ]);
}

/** What a GIF is to hold. */
export interface GifSource {
  /** Extents of the screen. */
  readonly screen: readonly [number, number];
  /** Where the first frame lies, and its extents. */
  readonly frame: readonly [number, number, number, number];
  /** R, G, B of four colours. */
  readonly palette: Samples;
  /** One number of a colour for each pixel. */
  readonly pixels: Samples;
}

/** Returns a GIF whose codes are never longer than three bits. */
export function gif(source: GifSource): Uint8Array<ArrayBuffer> {
  const { screen, frame, palette, pixels } = source;
  const [clear, end] = [4, 5];
  const codes = [...pixels.flatMap((pixel) => [clear, pixel]), end];
  const bits = codes.toReversed().map((c) => c.toString(2).padStart(3, "0"))
    .join("");
  const bytes = bits.padStart(Math.ceil(bits.length / 8) * 8, "0")
    .match(/.{8}/g)!.map((byte) => parseInt(byte, 2)).toReversed();
  return Uint8Array.from([
    ...[...ascii("GIF89a"), ...u16(...screen), 0x91, 0, 0, ...palette],
    ...[0x21, 0xfe, 2, ...ascii("hi"), 0], // a comment
    ...[0x2c, ...u16(...frame), 0],
    ...[2, bytes.length, ...bytes, 0, 0x3b],
  ]);
}

/** Returns a lossless WebP of one colour, of any extents. */
export function plainWebp(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const field = (value: number, bits: number) =>
    [...value.toString(2).padStart(bits, "0")].toReversed().join("");
  // RFC 9649 §3: every prefix code has one symbol, so pixels need no bits
  const symbol = (value: number) => "1" + "0" + "1" + field(value, 8);
  const bits = field(width - 1, 14) + field(height - 1, 14) + "0" + "000" +
    "0" + "0" + "0" +
    [green, red, blue, 255].map(symbol).join("") + "1" + "0" + "0" + "0";
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0")
    .match(/.{8}/g)!
    .map((byte) => parseInt([...byte].toReversed().join(""), 2));
  return riff([["VP8L", [0x2f, ...bytes]]]);
}

/** Returns a WebP file of chunks: `[type, data]`. */
export function riff(
  chunks: readonly (readonly [string, readonly number[]])[],
): Uint8Array<ArrayBuffer> {
  const content = chunks.flatMap(([type, data]) => [
    ...[...ascii(type), ...u32(data.length), ...data],
    ...(data.length % 2 === 0 ? [] : [0]),
  ]);
  return Uint8Array.from([
    ...[...ascii("RIFF"), ...u32(content.length + 4), ...ascii("WEBP")],
    ...content,
  ]);
}
