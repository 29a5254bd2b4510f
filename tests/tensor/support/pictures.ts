/**
 * Made-up pictures, and pictures from files of raw bytes.
 *
 * @module
 */

import type { Pixels, Planes } from "../../../src/tensor/mod.ts";

/**
 * Returns noise that depends on the extents alone: the upper bytes of a linear
 * congruential generator (a = 1664525, c = 1013904223) seeded `1000 w + h`.
 */
export function noise(width: number, height: number): Pixels {
  let state = 1000 * width + height;
  return fromRgb(
    Uint8Array.from({ length: 3 * width * height }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
    width,
  );
}

/** Returns a picture from R, G, B, R, …; the fourth bytes are 99. */
export function fromRgb(rgb: ArrayLike<number>, width: number): Pixels {
  const area = rgb.length / 3;
  const data = new Uint8Array(4 * area).fill(99);
  for (let i = 0; i < rgb.length; i++) {
    data[4 * Math.floor(i / 3) + i % 3] = rgb[i]!;
  }
  return { width, height: area / width, data };
}

/** Returns R, G, B, R, … of a picture. */
export function toRgb({ data }: Pixels): Uint8Array {
  return data.filter((_, i) => i % 4 !== 3);
}

/** Returns R, G, B, R, … of planes. */
export function planesToRgb({ width, height, data }: Planes): Uint8Array {
  const area = width * height;
  return Uint8Array.from(
    { length: 3 * area },
    (_, i) => data[(i % 3) * area + Math.floor(i / 3)]!,
  );
}
