/** Counts values by size, in plain arrays, so that counting costs nanoseconds. */
export class Histogram {
  /** The largest value of each bucket but the last, which takes the rest. */
  readonly bounds: readonly number[];
  /** How many values each bucket has; one more than bounds. */
  readonly counts: Float64Array;
  /** Of all values. */
  sum = 0;

  /** Makes an empty one; bounds are in ascending order. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    // Integers of 32 bits would overflow after days of small requests.
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Counts one value. */
  observe(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    counts[bucket]!++;
    this.sum += value;
  }

  /** How many values were counted. */
  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }
}
