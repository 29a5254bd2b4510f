/** Returns the nearest integer, of two the even one; for up to ±2⁵¹. */
export function roundHalfEven(value: number): number {
  const SHIFT = 1.5 * 2 ** 52; // float64 has no fraction bits left up there
  return (value + SHIFT) - SHIFT;
}
