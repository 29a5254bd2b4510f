import { type Pixels, type Planes, toPlanes } from "./pixels.ts";
import { resizeArea } from "./resize_area.ts";
import { resizeCubic } from "./resize_cubic.ts";
import { SimdCubicResizer } from "./resize_cubic_simd.ts";
import { resizeLinear } from "./resize_linear.ts";
import { resizeNearest } from "./resize_nearest.ts";

/** How the pixels in between are found, by OpenCV's names and arithmetic. */
export type Interpolation = "nearest" | "linear" | "cubic" | "area";

/** What a picture is resized to. */
export interface ResizeOptions {
  /** Pixels in a row, 1 or more. */
  readonly width: number;
  /** Rows, 1 or more. */
  readonly height: number;
  /** How the pixels in between are found. */
  readonly interpolation: Interpolation;
}

/**
 * Resizes a picture, without keeping its proportions, to the bytes that OpenCV
 * 3.x gives on x86-64.
 */
export function resize(pixels: Pixels, options: ResizeOptions): Planes {
  const { width, height, interpolation } = options;
  if (width === pixels.width && height === pixels.height) {
    return toPlanes(pixels);
  }
  switch (interpolation) {
    case "nearest":
      return resizeNearest(pixels, width, height);
    case "linear":
      return resizeLinear(pixels, width, height);
    case "area":
      return resizeArea(pixels, width, height);
    case "cubic":
      return resizeCubicFast(pixels, width, height);
  }
}

/** Made on first use; `undefined` where the runtime has no SIMD. */
let simdResizer: { readonly made: SimdCubicResizer | undefined } | undefined;

function resizeCubicFast(
  pixels: Pixels,
  width: number,
  height: number,
): Planes {
  simdResizer ??= { made: SimdCubicResizer.create() };
  const { made } = simdResizer;
  const fits = Math.max(width, pixels.width) <= SimdCubicResizer.MAX_WIDTH;
  return made !== undefined && fits
    ? made.resize(pixels, width, height)
    : resizeCubic(pixels, width, height);
}
