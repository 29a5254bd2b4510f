/**
 * The figures that benchmarks print.
 *
 * @module
 */

/** Returns the middle value; of an even number of values, the lower middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

/** One ratio that is claimed, measured in several rounds. */
export interface Claim {
  /** What is measured against what. */
  readonly what: string;
  /** One ratio for each round. */
  readonly ratios: readonly number[];
  /** The bound that the median is to meet. */
  readonly goal: { readonly atLeast: number } | { readonly atMost: number };
}

/** Returns one line: what, median [min–max], goal, and whether it is met. */
export function claimLine({ what, ratios, goal }: Claim): string {
  const middle = median(ratios);
  const met = "atLeast" in goal
    ? middle >= goal.atLeast
    : middle <= goal.atMost;
  const bound = "atLeast" in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return `${what}: ${middle.toFixed(3)} [${low.toFixed(3)}–${
    high.toFixed(3)
  }], goal ${bound}: ${met ? "met" : "MISSED"}`;
}

/** Writes one line to standard output. */
export function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
