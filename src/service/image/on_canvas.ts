import type { Pixels } from "../../tensor/mod.ts";

/** Where a frame lies on its canvas, which holds it whole. */
export interface CanvasOptions {
  /** The first column of the frame. */
  readonly left: number;
  /** The first row of the frame. */
  readonly top: number;
  /** Columns of the canvas. */
  readonly width: number;
  /** Rows of the canvas. */
  readonly height: number;
}

/** Returns a black canvas with a frame on it; the frame, if it covers it. */
export function onCanvas(frame: Pixels, canvas: CanvasOptions): Pixels {
  const { left, top, width, height } = canvas;
  if (frame.width === width && frame.height === height) return frame;
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < frame.height; y++) {
    const row = 4 * frame.width * y;
    data.set(
      frame.data.subarray(row, row + 4 * frame.width),
      4 * ((top + y) * width + left),
    );
  }
  return { width, height, data };
}
