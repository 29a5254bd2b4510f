/**
 * Fetches what a build needs from the network.
 *
 * @module
 */

const LIMIT_MS = 5 * 60_000;

/** Returns the body of a url that answers well. */
export async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (response.ok) return await response.bytes();
  await response.body?.cancel();
  throw new Error(`Cannot fetch "${url}": it answered ${response.status}`);
}

/** Checks a file by its SHA-256, which may be followed by the file's name. */
export async function requireSum(
  bytes: Uint8Array<ArrayBuffer>,
  sum: string,
  file: string,
): Promise<void> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const actual = new Uint8Array(digest).toHex();
  const expected = sum.trim().split(/\s/)[0]!.toLowerCase();
  if (actual === expected) return;
  throw new Error(`Cannot use "${file}": its SHA-256 is ${actual}, not ${sum}`);
}
