import type { Pixels, Planes } from "./pixels.ts";
import { type TapKind, taps } from "./resize_taps.ts";
import { ResizedRows } from "./resized_rows.ts";

/**
 * Resizes by linear interpolation of the two nearest rows and columns, without
 * antialiasing, to the same bytes as OpenCV 3's `INTER_LINEAR` on 8 bits.
 */
export function resizeLinear(
  pixels: Pixels,
  width: number,
  height: number,
  kind: Exclude<TapKind, "cubic"> = "linear",
): Planes {
  const down = taps(pixels.height, height, kind);
  const rows = new ResizedRows(pixels, taps(pixels.width, width, kind));
  const data = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const above = rows.row(down.starts[y]! + 1);
    const below = rows.row(down.starts[y]! + 2);
    const w0 = down.weights[4 * y + 1]!;
    const w1 = down.weights[4 * y + 2]!;
    for (let channel = 0; channel < 3; channel++) {
      const target = (channel * height + y) * width;
      for (let x = 0; x < width; x++) {
        const at = 4 * x + channel;
        // 16-bit fixed point, each product cut off, as OpenCV has it
        const part0 = ((above[at]! >> 4) * w0) >> 16;
        const part1 = ((below[at]! >> 4) * w1) >> 16;
        data[target + x] = (part0 + part1 + 2) >> 2;
      }
    }
  }
  return { width, height, data };
}
