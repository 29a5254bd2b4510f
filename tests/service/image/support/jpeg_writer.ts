/**
 * Writes JPEGs of plain blocks, marker by marker (ITU-T T.81): all quantizers
 * are 8, so that the DC coefficient of a block is its value − 128, and there is
 * no AC coefficient but 0.
 *
 * @module
 */

/** The components of one block of 8×8, 0 to 255, as they are stored. */
export type Block = readonly number[];

/** What the file is to hold. */
export interface JpegSource {
  /** Rows of blocks, each with as many components; 1 grey, 3 YCbCr, 4 CMYK. */
  readonly blocks: readonly (readonly Block[])[];
  /** Sent in three scans: DC but for its last bit, that bit, AC. */
  readonly progressive?: boolean;
  /** Segments to follow the start: `[second byte of the marker, data]`. */
  readonly segments?: readonly (readonly [number, Uint8Array])[];
}

/** Returns the bytes of a JPEG file. */
export function plainJpeg(source: JpegSource): Uint8Array<ArrayBuffer> {
  const { blocks, progressive = false, segments = [] } = source;
  const count = blocks[0]![0]!.length;
  const components = Array.from({ length: count }, (_, i) => i + 1);
  const height = 8 * blocks.length;
  const width = 8 * blocks[0]!.length;
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segments.flatMap(([marker, data]) => segment(marker, [...data])),
    ...segment(0xdb, [0, ...Array<number>(64).fill(8)]),
    ...segment(progressive ? 0xc2 : 0xc0, [
      ...[8, height >> 8, height & 255, width >> 8, width & 255, count],
      ...components.flatMap((id) => [id, 0x11, 0]),
    ]),
    ...segment(0xc4, DC_TABLE),
    ...segment(0xc4, AC_TABLE),
    ...(progressive ? progressiveScans(blocks) : baselineScan(blocks)),
    ...[0xff, 0xd9],
  ]);
}

/** Categories 0 to 11, all coded in four bits. */
const DC_TABLE = [0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0)].concat(
  Array.from({ length: 12 }, (_, category) => category),
);
/** The end of a block, coded in one bit. */
const AC_TABLE = [0x10, 1, ...Array<number>(15).fill(0), 0x00];

function segment(marker: number, data: readonly number[]): number[] {
  const length = data.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...data];
}

function baselineScan(blocks: JpegSource["blocks"]): number[] {
  const ids = blocks[0]![0]!.map((_, i) => i + 1);
  const bits = dcBits(blocks, 0, () => "0");
  return [...scanHeader(ids, [0, 63, 0x00]), ...entropy(bits)];
}

function progressiveScans(blocks: JpegSource["blocks"]): number[] {
  const ids = blocks[0]![0]!.map((_, i) => i + 1);
  const lastBits = blocks.flat(2).map((value) => (value - 128) & 1).join("");
  return [
    ...[...scanHeader(ids, [0, 0, 0x01]), ...entropy(dcBits(blocks, 1))],
    ...[...scanHeader(ids, [0, 0, 0x10]), ...entropy(lastBits)],
    ...ids.flatMap((id) => [
      ...scanHeader([id], [1, 63, 0x00]),
      ...entropy("0".repeat(blocks.flat().length)),
    ]),
  ];
}

function scanHeader(
  ids: readonly number[],
  parameters: readonly number[],
): number[] {
  return segment(0xda, [
    ids.length,
    ...ids.flatMap((id) => [id, 0x00]),
    ...parameters,
  ]);
}

/** Codes each block's difference from the one before it (T.81 §F.1.2.1). */
function dcBits(
  blocks: JpegSource["blocks"],
  shift: number,
  afterEach: () => string = () => "",
): string {
  const last = blocks[0]![0]!.map(() => 0);
  return blocks.flat().flatMap((block) =>
    block.map((value, i) => {
      const dc = (value - 128) >> shift;
      const difference = dc - last[i]!;
      last[i] = dc;
      return differenceBits(difference) + afterEach();
    })
  ).join("");
}

function differenceBits(difference: number): string {
  const category = Math.abs(difference).toString(2).length;
  const size = difference === 0 ? 0 : category;
  const code = size.toString(2).padStart(4, "0");
  if (size === 0) return code;
  const low = difference > 0 ? difference : difference + 2 ** size - 1;
  return code + low.toString(2).padStart(size, "0");
}

/** Packs bits into bytes, the last filled up with ones, 0xff stuffed. */
function entropy(bits: string): number[] {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
  const bytes = padded.match(/.{8}/g) ?? [];
  return bytes.map((byte) => parseInt(byte, 2))
    .flatMap((byte) => byte === 0xff ? [byte, 0] : [byte]);
}
