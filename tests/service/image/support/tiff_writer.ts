import { deflateSync } from "node:zlib";
import { ascii, bigEndian, packRows, type Samples, u16, u32 } from "./bytes.ts";

/** What a TIFF is to hold. */
export interface TiffSource {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 8 | 16;
  /** 0 white is 0, 1 black is 0, 2 RGB, 5 CMYK. */
  readonly photometric: 0 | 1 | 2 | 5;
  readonly samples: Samples;
  /** Deflate; none without. */
  readonly deflate?: boolean;
  /** Little-endian ("II") unless set. */
  readonly bigEndian?: boolean;
  readonly orientation?: number;
}

/** Returns a TIFF of one strip. */
export function tiff(source: TiffSource): Uint8Array<ArrayBuffer> {
  const { width, height, bits, photometric, samples } = source;
  const perPixel = { 0: 1, 1: 1, 2: 3, 5: 4 }[photometric];
  const short = (value: number) =>
    source.bigEndian ? u16(value).reverse() : u16(value);
  const long = (value: number) =>
    source.bigEndian ? bigEndian(value) : u32(value);
  const rows = bits === 16
    ? samples.flatMap(short)
    : packRows(samples, width * perPixel, bits).flat();
  const data = source.deflate ? [...deflateSync(Uint8Array.from(rows))] : rows;
  const entry = (tag: number, type: 3 | 4, value: number) => [
    ...[...short(tag), ...short(type), ...long(1)],
    ...(type === 3 ? [...short(value), 0, 0] : long(value)),
  ];
  const tags: readonly (readonly [number, 3 | 4, number])[] = [
    [256, 3, width],
    [257, 3, height],
    [258, 3, bits],
    [259, 3, source.deflate ? 8 : 1],
    [262, 3, photometric],
    [273, 4, 8],
    [274, 3, source.orientation ?? 1],
    [277, 3, perPixel],
    [278, 3, height],
    [279, 4, data.length],
  ];
  // one number of bits for all samples is enough for those who read
  const bitsAt = 8 + data.length;
  const ifdAt = bitsAt + 2 * perPixel;
  return Uint8Array.from([
    ...[...ascii(source.bigEndian ? "MM" : "II"), ...short(42), ...long(ifdAt)],
    ...data,
    ...Array.from({ length: perPixel }, () => short(bits)).flat(),
    ...short(tags.length),
    ...tags.flatMap(([tag, type, value]) =>
      tag === 258 && perPixel > 2
        ? [...short(tag), ...short(3), ...long(perPixel), ...long(bitsAt)]
        : entry(tag, type, value)
    ),
    ...long(0),
  ]);
}

/** Returns an EXIF block (a TIFF structure) with an orientation. */
export function exif(
  orientation: number,
  order: "II" | "MM" = "II",
): Uint8Array<ArrayBuffer> {
  const isLittle = order === "II";
  const short = (value: number) => isLittle ? u16(value) : u16(value).reverse();
  const long = (value: number) => isLittle ? u32(value) : bigEndian(value);
  return Uint8Array.from([
    ...[...ascii(order), ...short(42), ...long(8), ...short(1)],
    ...[...short(0x0112), ...short(3), ...long(1), ...short(orientation), 0, 0],
    ...long(0),
  ]);
}
