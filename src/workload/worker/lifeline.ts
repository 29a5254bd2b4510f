/** The secret is 64 digits. */
const MAX_LINE = 1 << 10;

/**
 * Reads the first line of standard input, which is the secret: the front
 * writes nothing else.
 */
export async function readSecret(): Promise<string> {
  const bytes = new Uint8Array(MAX_LINE);
  let end = 0;
  while (end < bytes.length && !bytes.subarray(0, end).includes(0x0a)) {
    const count = await Deno.stdin.read(bytes.subarray(end));
    if (count === null) break;
    end += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, end)).trimEnd();
}

/**
 * Ends the process when standard input ends: the front holds its other end for
 * as long as it lives.
 */
export async function endWithStdin(): Promise<never> {
  const bytes = new Uint8Array(1);
  while (await Deno.stdin.read(bytes) !== null);
  Deno.exit(0);
}
