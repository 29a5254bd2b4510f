/**
 * Numbers and texts as files hold them.
 *
 * @module
 */

/** One number a sample, row by row. */
export type Samples = readonly number[];

/** Returns 32-bit numbers in bytes, the highest first. */
export function bigEndian(...values: readonly number[]): number[] {
  return values.flatMap((
    v,
  ) => [v >>> 24, v >>> 16 & 255, v >>> 8 & 255, v & 255]);
}

/** Returns 16-bit numbers in bytes, the lowest first. */
export function u16(...values: readonly number[]): number[] {
  return values.flatMap((value) => [value & 255, value >> 8 & 255]);
}

/** Returns 32-bit numbers in bytes, the lowest first. */
export function u32(...values: readonly number[]): number[] {
  return values.flatMap((value) => bigEndian(value).reverse());
}

/** Returns one byte a character. */
export function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** Samples of `bits` each, rows filled up to whole bytes. */
export function packRows(
  samples: Samples,
  perRow: number,
  bits: number,
): readonly (readonly number[])[] {
  const rows = Array.from(
    { length: samples.length / perRow },
    (_, y) => samples.slice(y * perRow, (y + 1) * perRow),
  );
  return rows.map((row) => {
    const text = row.map((v) => v.toString(2).padStart(bits, "0")).join("");
    const padded = text.padEnd(Math.ceil(text.length / 8) * 8, "0");
    return padded.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
  });
}
