/** A colour picture of 8 bits a channel, pixels row by row from the top left. */
export interface Pixels {
  /** Pixels in a row, 1 or more. */
  readonly width: number;
  /** Rows, 1 or more. */
  readonly height: number;
  /** `4 × width × height` bytes: R, G, B and one that nothing reads. */
  readonly data: Uint8Array;
}

/** The same picture as one plane for each of R, G and B. */
export interface Planes {
  /** Pixels in a row, 1 or more. */
  readonly width: number;
  /** Rows, 1 or more. */
  readonly height: number;
  /** `[3, height, width]`, whole numbers 0..255. */
  readonly data: Float32Array;
}

/** Returns the planes of a picture as it is. */
export function toPlanes(pixels: Pixels): Planes {
  const { width, height, data } = pixels;
  const area = width * height;
  const planes = new Float32Array(3 * area);
  const red = planes.subarray(0, area);
  const green = planes.subarray(area, 2 * area);
  const blue = planes.subarray(2 * area);
  for (let i = 0; i < area; i++) {
    red[i] = data[4 * i]!;
    green[i] = data[4 * i + 1]!;
    blue[i] = data[4 * i + 2]!;
  }
  return { width, height, data: planes };
}

/**
 * Returns the picture without colours: each channel is
 * `(4899 R + 9617 G + 1868 B + 2¹³) ≫ 14`, as OpenCV weighs them (the luma of
 * ITU-R BT.601 in 14 bits). Grey stays what it was.
 */
export function toGrey(pixels: Pixels): Pixels {
  const { width, height, data } = pixels;
  const grey = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const weighed = 4899 * data[i]! + 9617 * data[i + 1]! +
      1868 * data[i + 2]!;
    grey.fill((weighed + (1 << 13)) >> 14, i, i + 3);
  }
  return { width, height, data: grey };
}
