import { MmsError } from "../../../errors.ts";
import { Ifd, tiffReader } from "./ifd.ts";

/**
 * How a stored picture is to be turned, by the numbers of EXIF 2.32 §4.6.5.
 * They say where the first row and the first column of what is stored belong:
 * 1 top left, 2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right
 * top, 7 right bottom, 8 left bottom.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The number of the tag in TIFF 6.0 and EXIF. */
export const ORIENTATION_TAG = 0x0112;

/** Returns the orientation of an EXIF block; 1 where it is damaged. */
export function exifOrientation(exif: Uint8Array): Orientation {
  try {
    const reader = tiffReader(exif, "the EXIF block");
    const ifd = new Ifd(reader, reader.u32(4));
    return toOrientation(ifd.values(ORIENTATION_TAG)[0]);
  } catch (error) {
    if (error instanceof MmsError) return 1; // the picture is good without it
    throw error;
  }
}

/** Returns 1 for anything that is no orientation. */
export function toOrientation(value: number | undefined): Orientation {
  return value !== undefined && value >= 1 && value <= 8
    ? value as Orientation // whole, as the values of tags are
    : 1;
}
