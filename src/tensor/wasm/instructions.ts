/**
 * WebAssembly instructions as expressions: each function returns the bytes of
 * its operands followed by its own, so that code reads inside out like any
 * other. Numbers are those of the WebAssembly 2.0 core specification, §5.4.
 *
 * @module
 */

/** The bytes of some instructions, in any nesting. */
export type Code = number | Uint8Array | readonly Code[];

/** Returns the bytes in their order. */
export function flatten(code: Code, bytes: number[] = []): number[] {
  if (typeof code === "number") bytes.push(code);
  else if (code instanceof Uint8Array) bytes.push(...code);
  else code.forEach((part) => flatten(part, bytes));
  return bytes;
}

/** Types of values, by their bytes. */
export const TYPE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

/** Returns an unsigned number in LEB128. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** Returns a small non-negative number in signed LEB128, for constants. */
function signed(value: number): readonly number[] {
  const bytes: number[] = [];
  for (; value >= 0x40; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** The value of a parameter or local. */
export const get = (local: number): Code => [0x20, unsigned(local)];
/** Sets a local. */
export const set = (local: number, value: Code): Code => [
  value,
  0x21,
  unsigned(local),
];
/** Sets a local and is its value. */
export const tee = (local: number, value: Code): Code => [
  value,
  0x22,
  unsigned(local),
];

/** A constant, 0 or more. */
export const i32 = (value: number): Code => [0x41, signed(value)];
/** `a + b`. */
export const add = (a: Code, b: Code): Code => [a, b, 0x6a];
/** `a − b`. */
export const sub = (a: Code, b: Code): Code => [a, b, 0x6b];
/** The 32-bit integer at `address + offset`. */
export const i32Load = (address: Code, offset = 0): Code => [
  address,
  0x28,
  2,
  unsigned(offset),
];
/** A constant of float32. */
export const f32 = (value: number): Code => [
  0x43,
  new Uint8Array(Float32Array.of(value).buffer),
];

/** Runs `body` again as long as `condition` is not 0 after it. */
export const doWhile = (body: Code, condition: Code): Code => [
  0x03,
  0x40, // loop, without a value
  body,
  condition,
  0x0d,
  0, // br_if to its start
  0x0b,
];

/** An instruction of the vector extension. */
const simd = (opcode: number, ...operands: readonly Code[]): Code => [
  operands,
  0xfd,
  unsigned(opcode),
];

/** The 16 bytes at `address + offset`, aligned or not. */
export const load = (address: Code, offset = 0): Code => [
  simd(0x00, address),
  0,
  unsigned(offset),
];
/** The 32 bits at `address + offset`, four times. */
export const loadSplat = (address: Code, offset: number): Code => [
  simd(0x09, address),
  2,
  unsigned(offset),
];
/** Writes 16 bytes to an address, aligned or not. */
export const store = (address: Code, value: Code): Code => [
  simd(0x0b, address, value),
  0,
  0,
];
/** Writes the lower (0) or upper (1) eight bytes to an address. */
export const storeHalf = (address: Code, value: Code, half: 0 | 1): Code => [
  simd(0x5b, address, value),
  0,
  0,
  half,
];

/** Constants: 16 bytes, eight numbers of 16 bits, or four of 32. */
export const constant = (
  numbers: Uint8Array | Int16Array | Int32Array,
): Code => [simd(0x0c), new Uint8Array(numbers.buffer)];

/** The bytes of `a` (0..15) and `b` (16..31) that `lanes` names. */
export const shuffle = (a: Code, b: Code, lanes: Code): Code => [
  simd(0x0d, a, b),
  lanes,
];
/** A float32 four times. */
export const splat = (a: Code): Code => simd(0x13, a);
/** Sixteen sums of bytes. */
export const addBytes = (a: Code, b: Code): Code => simd(0x6e, a, b);
/** The lower eight bytes as 16-bit integers. */
export const widenLow = (a: Code): Code => simd(0x89, a);
/** The upper eight bytes as 16-bit integers. */
export const widenHigh = (a: Code): Code => simd(0x8a, a);
/** Sixteen 16-bit integers as signed bytes, cut off at their limits. */
export const toBytes = (a: Code, b: Code): Code => simd(0x65, a, b);
/** Eight 32-bit integers as 16-bit ones, cut off at their limits. */
export const toShorts = (a: Code, b: Code): Code => simd(0x85, a, b);
/** Eight sums of 16-bit integers. */
export const addShorts = (a: Code, b: Code): Code => simd(0x8e, a, b);
/** Eight products of 16-bit integers. */
export const mulShorts = (a: Code, b: Code): Code => simd(0x95, a, b);
/** Sums of neighbours of the products of 16-bit integers: four of 32 bits. */
export const dot = (a: Code, b: Code): Code => simd(0xba, a, b);
/** Four sums of 32-bit integers. */
export const addInts = (a: Code, b: Code): Code => simd(0xae, a, b);
/** Four differences of 32-bit integers. */
export const subInts = (a: Code, b: Code): Code => simd(0xb1, a, b);
/** Four 32-bit integers, `bits` to the right, the sign kept. */
export const shiftRight = (a: Code, bits: number): Code =>
  simd(0xac, a, i32(bits));
/** Four 32-bit integers as float32. */
export const toFloats = (a: Code): Code => simd(0xfa, a);
/** Four sums in float32. */
export const addFloats = (a: Code, b: Code): Code => simd(0xe4, a, b);
/** Four products in float32. */
export const mulFloats = (a: Code, b: Code): Code => simd(0xe6, a, b);
/** Four times the lesser. */
export const minFloats = (a: Code, b: Code): Code => simd(0xe8, a, b);
/** Four times the greater. */
export const maxFloats = (a: Code, b: Code): Code => simd(0xe9, a, b);
/** Rounds four float32 to the nearest integer, ties to even. */
export const nearest = (a: Code): Code => simd(0x6a, a);
