/**
 * Parameter files as the releases of MXNet wrote them.
 *
 * @module
 */

/** One array to write. */
export interface WrittenArray {
  readonly name?: string;
  readonly shape: readonly number[];
  /** MXNet's type flag; float32 if absent. */
  readonly flag?: number;
  /** The elements' bytes. */
  readonly bytes: Uint8Array;
  /** The record's version; V2 if absent. */
  readonly version?: 0 | 1 | 2 | 3;
  /** Row numbers, or row pointers and column numbers, of a sparse array. */
  readonly indices?: readonly (readonly number[])[];
  /** The shape in which a sparse array's elements are stored. */
  readonly storedShape?: readonly number[];
}

const MAGIC = [undefined, 0xF993FAC8, 0xF993FAC9, 0xF993FACA] as const;
const INT64_FLAG = 6;

/** Returns a whole file; without names if the first array has none. */
export function writeParams(
  arrays: readonly WrittenArray[],
): Uint8Array<ArrayBuffer> {
  const named = arrays.filter(({ name }) => name !== undefined);
  return joined([
    u64(0x112),
    u64(0),
    u64(arrays.length),
    ...arrays.map(writeRecord),
    u64(named.length),
    ...named.flatMap(({ name }) => {
      const text = new TextEncoder().encode(name);
      return [u64(text.length), text];
    }),
  ]);
}

/** Returns float32 elements as bytes. */
export function floatBytes(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}

function writeRecord(array: WrittenArray): Uint8Array {
  const { shape, flag = 0, bytes, version = 2, indices = [], storedShape } =
    array;
  const wide = version > 0;
  const magic = MAGIC[version];
  return joined([
    ...(magic === undefined ? [] : [u32(magic)]),
    ...(version >= 2 ? [u32(indices.length)] : []),
    ...(storedShape === undefined ? [] : [writeShape(storedShape, wide)]),
    writeShape(shape, wide),
    u32(1),
    u32(0),
    u32(flag),
    ...indices.flatMap((
      list,
    ) => [u32(INT64_FLAG), writeShape([list.length], true)]),
    bytes,
    ...indices.map((list) =>
      new Uint8Array(BigInt64Array.from(list, BigInt).buffer)
    ),
  ]);
}

function writeShape(shape: readonly number[], wide: boolean): Uint8Array {
  return joined([u32(shape.length), ...shape.map(wide ? u64 : u32)]);
}

/** Returns bytes one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Returns a number as four bytes. */
export function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Returns a number as two bytes. */
export function u16(value: number): Uint8Array {
  return new Uint8Array(Uint16Array.of(value).buffer);
}

function u64(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}
