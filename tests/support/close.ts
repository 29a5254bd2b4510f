/**
 * Comparison of floating-point results.
 *
 * @module
 */

import assert from "node:assert/strict";

/**
 * Asserts that two arrays agree within `|a − b| ≤ atol + rtol × |b|`, element
 * by element; NaN equals NaN, an infinity equals itself.
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: { readonly atol: number; readonly rtol?: number },
): void {
  assert.equal(actual.length, expected.length, "number of elements");
  const { atol, rtol = 0 } = tolerance;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const b = expected[i]!;
    if (Object.is(a, b) || a === b) continue;
    const difference = Math.abs(a - b);
    if (!(difference <= atol + rtol * Math.abs(b))) {
      assert.fail(
        `element ${i}: ${a} is not ${b}, ${difference} apart, allowed ${atol} + ${rtol} × |${b}|`,
      );
    }
  }
}
