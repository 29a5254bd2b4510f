import { crc32, deflateSync } from "node:zlib";
import { ascii, bigEndian, packRows, type Samples } from "./bytes.ts";

/** What a PNG is to hold. */
export interface PngSource {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colour: 0 | 2 | 3 | 4 | 6;
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly samples: Samples;
  /** In the seven passes of Adam7. */
  readonly interlaced?: boolean;
  /** Chunks before the pixels: `[type, data]`. */
  readonly chunks?: readonly (readonly [string, readonly number[]])[];
}

/** Returns a PNG without filters. */
export function png(source: PngSource): Uint8Array<ArrayBuffer> {
  const { width, height, colour, bits, interlaced, chunks = [] } = source;
  const rows = pngPasses(source)
    .flatMap(([samples, perRow]) => packRows(samples, perRow, bits));
  const data = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  return Uint8Array.from([
    ...ascii("\x89PNG\r\n\x1a\n"),
    ...pngChunk("IHDR", [
      ...bigEndian(width, height),
      ...[bits, colour, 0, 0, interlaced ? 1 : 0],
    ]),
    ...chunks.flatMap(([type, content]) => pngChunk(type, content)),
    ...pngChunk("IDAT", [...data]),
    ...pngChunk("IEND", []),
  ]);
}

/** First row and column, steps of rows and columns (PNG §8.2). */
const ADAM7 = [
  ...[[0, 0, 8, 8], [0, 4, 8, 8], [4, 0, 8, 4], [0, 2, 4, 4]],
  ...[[2, 0, 4, 2], [0, 1, 2, 2], [1, 0, 2, 1]],
] as const;

/** The samples of each pass, and how many are in a row. */
function pngPasses(
  { width, colour, samples, interlaced }: PngSource,
): readonly (readonly [Samples, number])[] {
  const perPixel = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour];
  const perRow = width * perPixel;
  if (!interlaced) return [[samples, perRow]];
  return ADAM7.map(([top, left, down, right]) => {
    const columns = Math.ceil((width - left) / right);
    const own = samples.filter((_, i) => {
      const x = Math.floor(i / perPixel) % width;
      const y = Math.floor(i / perRow);
      return x % right === left % right && x >= left && y >= top &&
        (y - top) % down === 0;
    });
    return [own, Math.max(columns, 0) * perPixel] as const;
  }).filter(([own]) => own.length > 0);
}

function pngChunk(type: string, data: readonly number[]): number[] {
  const content = [...ascii(type), ...data];
  const sum = crc32(Uint8Array.from(content));
  return [...bigEndian(data.length), ...content, ...bigEndian(sum)];
}
