/**
 * libjpeg's accurate inverse DCT of 8×8 in WebAssembly SIMD: the algorithm of
 * C. Loeffler, A. Ligtenberg and G. Moschytz (1989) in 13-bit fixed point. For
 * coefficients of pictures it gives the same bits as `jpeg_idct_islow`.
 *
 * @module
 */

import { CodeWriter } from "./code_writer.ts";
import {
  add,
  addBytes,
  addInts,
  addShorts,
  type Code,
  constant,
  dot,
  get,
  i32Load,
  load,
  mulShorts,
  set,
  shiftRight,
  storeHalf,
  subInts,
  toBytes,
  toShorts,
} from "./instructions.ts";
import { pairHigh, pairLow, transpose } from "./lanes.ts";
import { wasmModule } from "./module.ts";

/** What the module exports. */
export interface InverseDct {
  /**
   * Transforms a block, as libjpeg calls its own functions.
   *
   * @param decoder is not used
   * @param component where, 80 bytes on, the address of int32 `[8, 8]` is:
   * what the coefficients are to be multiplied by
   * @param coefficients int16 `[8, 8]`
   * @param rows addresses of the eight rows that are written to
   * @param column the first of the eight bytes in each
   */
  inverseDct(
    decoder: number,
    component: number,
    coefficients: number,
    rows: number,
    column: number,
  ): void;
}

/** Returns the bytes of the module; it imports its memory as `env.memory`. */
export function inverseDctModule(): Uint8Array<ArrayBuffer> {
  const writer = new CodeWriter(FIRST_VECTOR);
  writeBlock(writer);
  return wasmModule([{
    name: "inverseDct",
    parameters: ["i32", "i32", "i32", "i32", "i32"],
    locals: ["i32", ...Array<"v128">(writer.kept).fill("v128")],
    code: writer.code,
  }], "imported");
}

/** Numbers of the parameters, of a local, and of the first vector. */
const [COMPONENT, COEFFICIENTS, ROWS, COLUMN] = [1, 2, 3, 4];
const MULTIPLIERS = 5;
const FIRST_VECTOR = 6;

/** Where `dct_table` is in a `jpeg_component_info` of 32-bit words. */
const MULTIPLIERS_OFFSET = 80;

/** cos and sin of the paper, × 2¹³. */
const F0_298 = 2446;
const F0_390 = 3196;
const F0_541 = 4433;
const F0_765 = 6270;
const F0_899 = 7373;
const F1_175 = 9633;
const F1_501 = 12299;
const F1_847 = 15137;
const F1_961 = 16069;
const F2_053 = 16819;
const F2_562 = 20995;
const F3_072 = 25172;
const ONE = 8192;

/** Bits of fraction that are dropped after the columns, and after the rows. */
const COLUMN_SHIFT = 11;
const ROW_SHIFT = 18;

function writeBlock(writer: CodeWriter): void {
  writer.add(set(MULTIPLIERS, i32Load(get(COMPONENT), MULTIPLIERS_OFFSET)));
  const coefficients = Array.from({ length: 8 }, (_, row) => {
    const multipliers = toShorts(
      load(get(MULTIPLIERS), 32 * row),
      load(get(MULTIPLIERS), 32 * row + 16),
    );
    const stored = load(get(COEFFICIENTS), 16 * row);
    return writer.keep(mulShorts(stored, multipliers));
  });
  const columns = transform(writer, coefficients, COLUMN_SHIFT);
  const rows = transform(writer, transpose(writer, columns), ROW_SHIFT);
  storeRows(writer, transpose(writer, rows));
}

/** Transforms eight vectors, lane by lane; each half of the lanes in 32 bits. */
function transform(
  writer: CodeWriter,
  input: readonly Code[],
  shift: number,
): readonly Code[] {
  const low = transformHalf(writer, input, { pair: pairLow, shift });
  const high = transformHalf(writer, input, { pair: pairHigh, shift });
  return low.map((half, i) => writer.keep(toShorts(half, high[i]!)));
}

/** How a half of the lanes is taken, and how far its results are shifted. */
interface HalfOptions {
  readonly pair: (a: Code, b: Code) => Code;
  readonly shift: number;
}

function transformHalf(
  writer: CodeWriter,
  input: readonly Code[],
  options: HalfOptions,
): readonly Code[] {
  const { shift } = options;
  const even = transformEven(writer, input, options);
  const odd = transformOdd(writer, input, options);
  const first = even.map((a, i) =>
    writer.keep(shiftRight(addInts(a, odd[i]!), shift))
  );
  const last = even.map((a, i) =>
    writer.keep(shiftRight(subInts(a, odd[i]!), shift))
  );
  return [...first, ...last.toReversed()];
}

/** What inputs 0, 2, 4 and 6 add to the first four results, rounding added. */
function transformEven(
  writer: CodeWriter,
  input: readonly Code[],
  { pair, shift }: HalfOptions,
): readonly Code[] {
  const keep = (value: Code) => writer.keep(value);
  const rounding = constant(new Int32Array(4).fill(1 << (shift - 1)));
  const in26 = keep(pair(input[2]!, input[6]!));
  const in04 = keep(pair(input[0]!, input[4]!));
  const sum26 = keep(times(in26, F0_541 + F0_765, F0_541));
  const difference26 = keep(times(in26, F0_541, F0_541 - F1_847));
  const sum04 = keep(addInts(times(in04, ONE, ONE), rounding));
  const difference04 = keep(addInts(times(in04, ONE, -ONE), rounding));
  return [
    keep(addInts(sum04, sum26)),
    keep(addInts(difference04, difference26)),
    keep(subInts(difference04, difference26)),
    keep(subInts(sum04, sum26)),
  ];
}

/** What inputs 1, 3, 5 and 7 add to the first four results. */
function transformOdd(
  writer: CodeWriter,
  input: readonly Code[],
  { pair }: HalfOptions,
): readonly Code[] {
  const keep = (value: Code) => writer.keep(value);
  const [in1, in3, in5, in7] = [1, 3, 5, 7].map((i) => input[i]!);
  const sums = keep(pair(addShorts(in7!, in3!), addShorts(in5!, in1!)));
  const in71 = keep(pair(in7!, in1!));
  const in53 = keep(pair(in5!, in3!));
  const z3 = keep(times(sums, F1_175 - F1_961, F1_175));
  const z4 = keep(times(sums, F1_175, F1_175 - F0_390));
  return [
    keep(addInts(times(in71, -F0_899, F1_501 - F0_899), z4)),
    keep(addInts(times(in53, -F2_562, F3_072 - F2_562), z3)),
    keep(addInts(times(in53, F2_053 - F2_562, -F2_562), z4)),
    keep(addInts(times(in71, F0_298 - F0_899, -F0_899), z3)),
  ];
}

/** `a × first + b × second` of each pair. */
function times(pairs: Code, a: number, b: number): Code {
  return dot(pairs, constant(Int16Array.of(a, b, a, b, a, b, a, b)));
}

/** Writes eight rows of samples, whose middle is 128. */
function storeRows(writer: CodeWriter, rows: readonly Code[]): void {
  const middle = constant(new Uint8Array(16).fill(128));
  for (let row = 0; row < rows.length; row += 2) {
    const both = toBytes(rows[row]!, rows[row + 1]!);
    const samples = writer.keep(addBytes(both, middle));
    for (const half of [0, 1] as const) {
      const address = i32Load(get(ROWS), 4 * (row + half));
      writer.add(storeHalf(add(address, get(COLUMN)), samples, half));
    }
  }
}
