/**
 * A small picture in each format that is decoded.
 *
 * @module
 */

import { root } from "../../../support/paths.ts";
import { bmp, gif, plainWebp } from "./picture_writers.ts";

/** Returns the files by their format. */
export async function everyKind(): Promise<
  Readonly<Record<string, Uint8Array>>
> {
  const images = `${root}/fixtures/digits/images`;
  const plain = [...Array(3 * 16)].map((_, i) => 5 * i);
  return {
    "jpeg": await Deno.readFile(`${images}/7_seven.jpg`),
    "png": await Deno.readFile(`${images}/7_seven.png`),
    "bmp": bmp(4, 4, plain),
    "gif": gif({
      screen: [2, 2],
      frame: [0, 0, 2, 2],
      palette: plain.slice(0, 12),
      pixels: [0, 1, 2, 3],
    }),
    "webp": plainWebp(4, 4, [10, 20, 30]),
  };
}
