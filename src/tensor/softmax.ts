/**
 * Returns `exp(x − max) ÷ Σ exp(x − max)` over each row, summed in float64.
 * A row that holds NaN or +∞ becomes NaN.
 *
 * @param logits `[rows, classes]`
 * @param classes the length of a row, 1 or more
 * @returns `[rows, classes]`, each row summing to 1
 */
export function softmax(
  logits: ArrayLike<number>,
  classes: number,
): Float32Array {
  const result = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classes) {
    let max = -Infinity;
    for (let i = row; i < row + classes; i++) max = Math.max(max, logits[i]!);
    let sum = 0;
    for (let i = row; i < row + classes; i++) sum += Math.exp(logits[i]! - max);
    for (let i = row; i < row + classes; i++) {
      result[i] = Math.exp(logits[i]! - max) / sum;
    }
  }
  return result;
}
