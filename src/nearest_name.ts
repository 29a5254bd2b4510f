/**
 * What somebody may have meant who wrote a name that there is not.
 *
 * @module
 */

/** A model may have millions of names; those after that are not looked at. */
const MAX_CANDIDATES = 2000;

/**
 * Returns the candidate nearest to `name` by Damerau-Levenshtein distance
 * (optimal string alignment), or `undefined` if all differ in over a third.
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
): string | undefined {
  let nearest: string | undefined;
  let least = Math.floor(name.length / 3) + 1;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ === MAX_CANDIDATES) break;
    const distance = editDistance(name, candidate);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

// Longer names are typing accidents of another sort.
const MAX_NAME_LENGTH = 100;

function editDistance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > MAX_NAME_LENGTH) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
          a[i - 2] === b[j - 1]
        ? before[j - 2]! + 1
        : Infinity;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, substituted, swapped));
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
