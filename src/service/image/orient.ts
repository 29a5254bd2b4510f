import type { Pixels } from "../../tensor/mod.ts";
import type { Orientation } from "./header/orientation.ts";

/** Where the pixels of a turned picture lie in the stored one, by index. */
interface Walk {
  /** The stored pixel that comes first. */
  readonly first: number;
  /** From a pixel to its right neighbour. */
  readonly right: number;
  /** From a pixel to the one below. */
  readonly down: number;
}

/** Turns a stored picture to how it is meant to be looked at. */
export function orient(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return pixels;
  const isTurned = orientation >= 5;
  const width = isTurned ? pixels.height : pixels.width;
  const height = isTurned ? pixels.width : pixels.height;
  const { first, right, down } = walk(pixels, orientation);
  const stored = wholePixels(pixels.data);
  const turned = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    let from = first + y * down;
    for (let to = y * width; to < (y + 1) * width; to++, from += right) {
      turned[to] = stored[from]!;
    }
  }
  return { width, height, data: new Uint8Array(turned.buffer) };
}

function walk({ width, height }: Pixels, orientation: Orientation): Walk {
  const last = width * height - 1;
  const lastRow = last - (width - 1);
  switch (orientation) {
    case 1:
      return { first: 0, right: 1, down: width };
    case 2:
      return { first: width - 1, right: -1, down: width };
    case 3:
      return { first: last, right: -1, down: -width };
    case 4:
      return { first: lastRow, right: 1, down: -width };
    case 5:
      return { first: 0, right: width, down: 1 };
    case 6:
      return { first: lastRow, right: -width, down: 1 };
    case 7:
      return { first: last, right: -width, down: -1 };
    case 8:
      return { first: width - 1, right: width, down: -1 };
  }
}

/** The four bytes of each pixel as one number. */
function wholePixels(data: Uint8Array): Uint32Array {
  const isAligned = data.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? data : data.slice();
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
