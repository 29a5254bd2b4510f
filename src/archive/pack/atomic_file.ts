import { basename, dirname, join } from "node:path";

/**
 * Writes the file `target` under a hidden temporary name and renames it when
 * it is complete; where writing fails, nothing is left. The parent folder must
 * be there.
 */
export async function writeAtomically(
  target: string,
  write: (output: WritableStream<Uint8Array>) => Promise<void>,
): Promise<void> {
  const partial = partialPath(target);
  try {
    await writeNew(partial, write);
    await Deno.rename(partial, target);
  } catch (error) {
    await Deno.remove(partial).catch(() => {
      // It may never have been made; what matters is why.
    });
    throw error;
  }
}

/** Returns a hidden name beside `target` that nothing has yet. */
export function partialPath(target: string): string {
  const name = `.${basename(target)}.${crypto.randomUUID()}.partial`;
  return join(dirname(target), name);
}

async function writeNew(
  path: string,
  write: (output: WritableStream<Uint8Array>) => Promise<void>,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  await write(
    new WritableStream({
      async write(chunk) {
        for (let written = 0; written < chunk.length;) {
          written += await file.write(chunk.subarray(written));
        }
      },
    }),
  );
}
