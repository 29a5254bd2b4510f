/** Returns the nearest binary16 of each value, as bits; ties to even (IEEE 754). */
export function toHalfBits(values: ArrayLike<number>): Uint16Array {
  return new Uint16Array(Float16Array.from(values).buffer);
}

/** Returns the values of binary16 bits; every one is exact in float32. */
export function fromHalfBits(bits: Uint16Array): Float32Array {
  return Float32Array.from(
    new Float16Array(bits.buffer, bits.byteOffset, bits.length),
  );
}
