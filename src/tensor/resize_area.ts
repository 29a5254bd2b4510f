import type { Pixels, Planes } from "./pixels.ts";
import { resizeLinear } from "./resize_linear.ts";
import { scaleOf } from "./resize_taps.ts";
import { roundHalfEven } from "./round.ts";

/** The source positions that one target position covers, and how much. */
interface Cover {
  /** The first of them. */
  readonly first: number;
  /** The share of each, in float32; their sum is about 1. */
  readonly shares: readonly number[];
}

/**
 * Resizes by the mean over the area that each target pixel covers, as OpenCV's
 * `INTER_AREA` does on 8 bits: float32 sums, rounded half to even; where the
 * picture grows in either direction, by a variant of linear interpolation.
 */
export function resizeArea(
  pixels: Pixels,
  width: number,
  height: number,
): Planes {
  const scaleX = scaleOf(pixels.width, width);
  const scaleY = scaleOf(pixels.height, height);
  if (scaleX < 1 || scaleY < 1) {
    return resizeLinear(pixels, width, height, "area");
  }
  const isWhole = pixels.width % width === 0 && pixels.height % height === 0;
  return isWhole
    ? resizeBlocks(pixels, width, height)
    : resizeCovered(pixels, width, height);
}

/** Every target pixel is the mean of a block of whole source pixels. */
function resizeBlocks(pixels: Pixels, width: number, height: number): Planes {
  const across = pixels.width / width;
  const down = pixels.height / height;
  const mean = across === 2 && down === 2
    ? (sum: number) => (sum + 2) >> 2
    : (sum: number) => roundHalfEven(Math.fround(sum * share));
  const share = Math.fround(1 / (across * down));
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const channel = Math.floor(i / (width * height));
    let sum = 0;
    for (let v = y * down; v < (y + 1) * down; v++) {
      const row = v * pixels.width;
      for (let u = x * across; u < (x + 1) * across; u++) {
        sum += pixels.data[4 * (row + u) + channel]!;
      }
    }
    data[i] = mean(sum);
  }
  return { width, height, data };
}

function resizeCovered(pixels: Pixels, width: number, height: number): Planes {
  const columns = covers(pixels.width, width);
  const rows = covers(pixels.height, height);
  const data = new Float32Array(3 * width * height);
  const line = new Float32Array(3 * width);
  const sums = new Float32Array(3 * width);
  for (let y = 0; y < height; y++) {
    const { first, shares } = rows[y]!;
    sums.fill(0);
    for (let k = 0; k < shares.length; k++) {
      sumRow(pixels, first + k, columns, line);
      const share = shares[k]!;
      for (let i = 0; i < sums.length; i++) {
        sums[i] = sums[i]! + Math.fround(share * line[i]!);
      }
    }
    for (let i = 0; i < sums.length; i++) {
      const channel = Math.floor(i / width);
      data[channel * width * (height - 1) + y * width + i] = Math.min(
        roundHalfEven(sums[i]!),
        255,
      );
    }
  }
  return { width, height, data };
}

/** Writes one source row, resized: `[3, width]`. */
function sumRow(
  pixels: Pixels,
  y: number,
  columns: readonly Cover[],
  line: Float32Array,
): void {
  const { data } = pixels;
  const width = columns.length;
  const start = 4 * y * pixels.width;
  line.fill(0);
  for (let x = 0; x < width; x++) {
    const { first, shares } = columns[x]!;
    for (let k = 0; k < shares.length; k++) {
      const share = shares[k]!;
      const at = start + 4 * (first + k);
      for (let channel = 0; channel < 3; channel++) {
        const i = channel * width + x;
        line[i] = line[i]! + Math.fround(data[at + channel]! * share);
      }
    }
  }
}

/** Shares below a thousandth of a pixel are dropped, as OpenCV does. */
const NEGLIGIBLE = 1e-3;

function covers(source: number, target: number): readonly Cover[] {
  const scale = scaleOf(source, target);
  return Array.from({ length: target }, (_, i) => {
    const from = i * scale;
    const to = from + scale;
    const cell = Math.min(scale, source - from);
    const last = Math.min(Math.floor(to), source - 1);
    const first = Math.min(Math.ceil(from), last);
    const shares = Array<number>(last - first).fill(Math.fround(1 / cell));
    const before = first - from;
    if (before > NEGLIGIBLE) shares.unshift(Math.fround(before / cell));
    const after = to - last;
    if (after > NEGLIGIBLE) {
      shares.push(Math.fround(Math.min(after, 1, cell) / cell));
    }
    return { first: before > NEGLIGIBLE ? first - 1 : first, shares };
  });
}
