/**
 * Returns the positions of the `k` greatest values, greatest first; all of
 * them where there are fewer. Of equal values the first comes first, NaN comes
 * last.
 */
export function topK(values: ArrayLike<number>, k: number): readonly number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (best.length === k && !isGreater(value, values[best[k - 1]!]!)) continue;
    let rank = best.length;
    while (rank > 0 && isGreater(value, values[best[rank - 1]!]!)) rank--;
    best.splice(rank, 0, i);
    if (best.length > k) best.pop();
  }
  return best;
}

function isGreater(value: number, other: number): boolean {
  return value > other || (Number.isNaN(other) && !Number.isNaN(value));
}
