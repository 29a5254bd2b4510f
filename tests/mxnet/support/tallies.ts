/**
 * How many of what passed, for the eye.
 *
 * @module
 */

/** What passed of how many, by family. */
export type Tallies = Map<
  string,
  { readonly passed: number; readonly total: number }
>;

/** Counts one more. */
export function addTo(tallies: Tallies, family: string, passed: boolean): void {
  const before = tallies.get(family) ?? { passed: 0, total: 0 };
  tallies.set(family, {
    passed: before.passed + (passed ? 1 : 0),
    total: before.total + 1,
  });
}

/** Prints a table to stderr. */
export async function showTallies(
  title: string,
  tallies: Tallies,
): Promise<void> {
  const lines = [...tallies].toSorted(([a], [b]) => a < b ? -1 : 1);
  const sum = lines.reduce((all, [, { passed, total }]) => ({
    passed: all.passed + passed,
    total: all.total + total,
  }), { passed: 0, total: 0 });
  const rows = [...lines, [`all ${title}`, sum] as const].map(([name, tally]) =>
    `${name.padEnd(40)}${tally.passed} of ${tally.total}`
  );
  const text = `\n${rows.join("\n")}\n`;
  await new Blob([text]).stream().pipeTo(Deno.stderr.writable, {
    preventClose: true,
  });
}
