import { type Pixels, type Planes, toPlanes } from "./pixels.ts";
import { scaleOf } from "./resize_taps.ts";

/**
 * Resizes by taking the pixel at `⌊i × source ÷ target⌋` in either direction,
 * as OpenCV's `INTER_NEAREST` does.
 */
export function resizeNearest(
  pixels: Pixels,
  width: number,
  height: number,
): Planes {
  const columns = nearest(pixels.width, width);
  const rows = nearest(pixels.height, height);
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (rows[y]! * pixels.width + columns[x]!);
      const to = 4 * (y * width + x);
      data[to] = pixels.data[from]!;
      data[to + 1] = pixels.data[from + 1]!;
      data[to + 2] = pixels.data[from + 2]!;
    }
  }
  return toPlanes({ width, height, data });
}

function nearest(source: number, target: number): Int32Array {
  const scale = scaleOf(source, target);
  return Int32Array.from(
    { length: target },
    (_, i) => Math.min(Math.floor(i * scale), source - 1),
  );
}
