import type { Orientation } from "./orientation.ts";

/** What a picture of any format says of itself before its pixels. */
export interface PictureHeader {
  /** Pixels in a row, as stored. */
  readonly width: number;
  /** Rows, as stored. */
  readonly height: number;
  /** How the picture is to be turned for looking at it. */
  readonly orientation: Orientation;
  /** The most pixels that a byte can hold, however well they are packed. */
  readonly pixelsPerByte: number;
}

/** The header of a format that needs to say no more. */
export interface PlainHeader extends PictureHeader {
  /** The format's name. */
  readonly format: "PNG" | "GIF" | "BMP" | "TIFF";
}
