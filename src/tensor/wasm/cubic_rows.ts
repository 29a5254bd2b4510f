/**
 * The two row functions of the cubic resize in WebAssembly SIMD. They compute
 * what `resized_rows.ts` and `resize_cubic.ts` do, bit by bit.
 *
 * @module
 */

import {
  add,
  addFloats,
  addInts,
  type Code,
  dot,
  doWhile,
  f32,
  get,
  i32,
  i32Load,
  load,
  loadSplat,
  maxFloats,
  minFloats,
  mulFloats,
  nearest,
  set,
  shuffle,
  splat,
  store,
  sub,
  tee,
  toFloats,
  widenHigh,
  widenLow,
} from "./instructions.ts";
import { mix } from "./lanes.ts";
import { wasmModule } from "./module.ts";

/** Bytes of one entry of the table that `resizeRow` reads. */
export const TAP_BYTES = 12;

/** What the module exports; parameters that are not floats are addresses. */
export interface CubicRows {
  readonly memory: WebAssembly.Memory;
  /**
   * Resizes one row of `count` (1 or more) pixels to int32 `[count, 4]`.
   *
   * @param source R, G, B and anything, per pixel
   * @param taps for each target pixel `[i32 byte offset of the first of four
   * neighbours, i16 × 4 weights]`
   */
  resizeRow(source: number, taps: number, target: number, count: number): void;
  /**
   * Sums four rows of int32 `[blocks × 4, 4]` by four weights into three rows
   * of float32, whole numbers 0..255, `stride` bytes apart.
   */
  sumRows(
    row0: number,
    row1: number,
    row2: number,
    row3: number,
    weight0: number,
    weight1: number,
    weight2: number,
    weight3: number,
    target: number,
    stride: number,
    blocks: number,
  ): void;
}

/** Returns the bytes of the module. */
export function cubicRowsModule(): Uint8Array<ArrayBuffer> {
  return wasmModule([
    {
      name: "resizeRow",
      parameters: ["i32", "i32", "i32", "i32"],
      locals: ["v128"],
      code: resizeRow(),
    },
    {
      name: "sumRows",
      parameters: [
        ...Array<"i32">(4).fill("i32"),
        ...Array<"f32">(4).fill("f32"),
        ...Array<"i32">(3).fill("i32"),
      ],
      locals: Array<"v128">(6).fill("v128"),
      code: sumRows(),
    },
  ]);
}

const PIXEL_BYTES = 16; // four int32

function resizeRow(): Code {
  const [source, taps, target, count, pairs] = [0, 1, 2, 3, 4];
  const neighbours = load(add(get(source), i32Load(get(taps))));
  // R0 R1 G0 G1 B0 B1 . . R2 R3 G2 G3 B2 B3 . .
  const byChannel = [0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15];
  return doWhile(
    [
      set(pairs, neighbours),
      set(pairs, shuffle(get(pairs), get(pairs), byChannel)),
      store(
        get(target),
        addInts(
          dot(widenLow(get(pairs)), loadSplat(get(taps), 4)),
          dot(widenHigh(get(pairs)), loadSplat(get(taps), 8)),
        ),
      ),
      advance(taps, TAP_BYTES),
      advance(target, PIXEL_BYTES),
    ],
    countDown(count),
  );
}

function sumRows(): Code {
  const rows = [0, 1, 2, 3];
  const weights = [4, 5, 6, 7];
  const [target, stride, blocks] = [8, 9, 10] as const;
  const pixels = [11, 12, 13, 14];
  const [low, high] = [15, 16] as const;
  const sum = pixels.map((pixel) => [
    set(pixel, toByte(weighedSum(rows, weights))),
    rows.map((row) => advance(row, PIXEL_BYTES)),
  ]);
  return doWhile(
    [
      sum,
      storePlanes(pixels.map(get), { low, high, target, stride }),
      advance(target, 16),
    ],
    countDown(blocks),
  );
}

/** Takes four pixels apart into four values of each of three planes. */
function storePlanes(
  [p0, p1, p2, p3]: readonly Code[],
  { low, high, target, stride }: {
    readonly low: number;
    readonly high: number;
    readonly target: number;
    readonly stride: number;
  },
): Code {
  const second = add(get(target), get(stride));
  const third = add(second, get(stride));
  return [
    // R0 R1 G0 G1 and R2 R3 G2 G3, then B0 B1 . . and B2 B3 . .
    set(low, mix(p0!, p1!, [0, 4, 1, 5])),
    set(high, mix(p2!, p3!, [0, 4, 1, 5])),
    store(get(target), mix(get(low), get(high), [0, 1, 4, 5])),
    store(second, mix(get(low), get(high), [2, 3, 6, 7])),
    set(low, mix(p0!, p1!, [2, 6, 3, 7])),
    set(high, mix(p2!, p3!, [2, 6, 3, 7])),
    store(third, mix(get(low), get(high), [0, 1, 4, 5])),
  ];
}

/** `Σ row × weight` of one pixel, from left to right. */
function weighedSum(rows: readonly number[], weights: readonly number[]): Code {
  return rows
    .map((row, i) =>
      mulFloats(toFloats(load(get(row))), splat(get(weights[i]!)))
    )
    .reduce((sum, product) => addFloats(sum, product));
}

/** Rounds to whole numbers and cuts off what is outside 0..255. */
function toByte(values: Code): Code {
  return minFloats(
    maxFloats(nearest(values), splat(f32(0))),
    splat(f32(255)),
  );
}

function advance(pointer: number, bytes: number): Code {
  return set(pointer, add(get(pointer), i32(bytes)));
}

function countDown(counter: number): Code {
  return tee(counter, sub(get(counter), i32(1)));
}
