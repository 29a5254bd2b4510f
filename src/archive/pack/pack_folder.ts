import { dirname, join } from "node:path";
import { partialPath, writeAtomically } from "./atomic_file.ts";
import type { PackFile } from "./pack_file.ts";
import type { Packer } from "./packer.ts";

/**
 * Writes files into the folder `target`: a new one is there completely or not
 * at all, in one that is there each file is.
 */
export async function packFolder(
  files: readonly PackFile[],
  packer: Packer,
  target: string,
): Promise<void> {
  if (await isThere(target)) return await writeFiles(files, packer, target);
  const partial = partialPath(target);
  await Deno.mkdir(partial);
  try {
    await writeFiles(files, packer, partial);
    await Deno.rename(partial, target);
  } catch (error) {
    await Deno.remove(partial, { recursive: true });
    throw error;
  }
}

async function writeFiles(
  files: readonly PackFile[],
  packer: Packer,
  folder: string,
): Promise<void> {
  for (const file of files) {
    const path = join(folder, ...file.name.split("/"));
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeAtomically(path, async (output) => {
      const content = await packer.open(file);
      await content.pipeTo(output);
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
