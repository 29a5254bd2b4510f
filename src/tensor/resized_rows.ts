import type { Pixels } from "./pixels.ts";
import type { Taps } from "./resize_taps.ts";
import { RowWindow, WINDOW_ROWS } from "./row_window.ts";

/** The rows of a picture after the horizontal pass. */
export class ResizedRows {
  readonly #window: RowWindow;
  readonly #rows: readonly Int32Array[];

  /** Resizes rows, by taps from the picture's width, as they are asked for. */
  constructor(pixels: Pixels, across: Taps) {
    const width = across.starts.length;
    const offsets = byteOffsets(pixels.width, across);
    this.#rows = Array.from(
      { length: WINDOW_ROWS },
      () => new Int32Array(4 * width),
    );
    this.#window = new RowWindow(
      pixels.height,
      (y, slot) =>
        resizeRow(pixels, y, {
          offsets,
          weights: across.weights,
          target: this.#rows[slot]!,
        }),
    );
  }

  /**
   * Returns row `y`, or the edge's where `y` lies outside: `[width, 4]`, values
   * × 2048. It is valid until three more rows have been asked for.
   */
  row(y: number): Int32Array {
    return this.#rows[this.#window.slot(y)]!;
  }
}

/** `[target, 4]`: where the pixels of the taps lie in a row, edges repeated. */
function byteOffsets(source: number, { starts }: Taps): Int32Array {
  return Int32Array.from({ length: 4 * starts.length }, (_, i) => {
    const at = starts[i >> 2]! + (i & 3);
    return 4 * Math.min(Math.max(at, 0), source - 1);
  });
}

/** Writes `Σ weight × pixel` over the four taps of each position. */
function resizeRow(
  { width, data }: Pixels,
  y: number,
  { offsets, weights, target }: {
    readonly offsets: Int32Array;
    readonly weights: Int16Array;
    readonly target: Int32Array;
  },
): void {
  const row = data.subarray(4 * width * y, 4 * width * (y + 1));
  for (let i = 0; i < target.length; i += 4) {
    const p0 = offsets[i]!;
    const p1 = offsets[i + 1]!;
    const p2 = offsets[i + 2]!;
    const p3 = offsets[i + 3]!;
    const w0 = weights[i]!;
    const w1 = weights[i + 1]!;
    const w2 = weights[i + 2]!;
    const w3 = weights[i + 3]!;
    target[i] = w0 * row[p0]! + w1 * row[p1]! + w2 * row[p2]! + w3 * row[p3]!;
    target[i + 1] = w0 * row[p0 + 1]! + w1 * row[p1 + 1]! +
      w2 * row[p2 + 1]! + w3 * row[p3 + 1]!;
    target[i + 2] = w0 * row[p0 + 2]! + w1 * row[p1 + 2]! +
      w2 * row[p2 + 2]! + w3 * row[p3 + 2]!;
  }
}
