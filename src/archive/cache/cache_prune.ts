import { join } from "node:path";
import { tryLockFile } from "./cache_lock.ts";

/** One entry, as its lock file tells of it. */
interface Use {
  /** The entry's folder. */
  readonly folder: string;
  /** When it was last opened, in ms since the epoch. */
  readonly at: number;
  readonly bytes: number;
}

/** A size has at most this many digits. */
const SIZE_DIGITS = 16;

/**
 * Removes the entries that were not used for longest until no more than
 * `keepBytes` are left; an entry that somebody has in use stays.
 */
export async function prune(root: string, keepBytes: number): Promise<void> {
  const uses = await listUses(root);
  let total = uses.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, bytes } of uses.toSorted((a, b) => a.at - b.at)) {
    if (total <= keepBytes) return;
    if (bytes > 0 && await removeUnused(folder)) total -= bytes;
  }
}

/** Notes in the lock file of an entry how large the entry is. */
export async function writeSize(
  file: Deno.FsFile,
  bytes: number,
): Promise<void> {
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  await file.write(new TextEncoder().encode(String(bytes)));
}

/** Returns how many bytes the files of a folder have. */
export async function folderBytes(folder: string): Promise<number> {
  let total = 0;
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    total += entry.isDirectory
      ? await folderBytes(path)
      : (await Deno.lstat(path)).size;
  }
  return total;
}

/** Removes a folder with what it holds, if it is there. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function listUses(root: string): Promise<readonly Use[]> {
  const uses: Use[] = [];
  for await (const kind of Deno.readDir(root)) {
    if (!kind.isDirectory) continue;
    for await (const { name } of Deno.readDir(join(root, kind.name))) {
      if (name.endsWith(".lock")) {
        uses.push(await readUse(join(root, kind.name, name)));
      }
    }
  }
  return uses;
}

async function readUse(lockPath: string): Promise<Use> {
  using file = await Deno.open(lockPath);
  const buffer = new Uint8Array(SIZE_DIGITS);
  const length = await file.read(buffer) ?? 0;
  const bytes = Number(new TextDecoder().decode(buffer.subarray(0, length)));
  const { mtime } = await file.stat();
  return {
    folder: lockPath.slice(0, -".lock".length),
    at: mtime?.getTime() ?? 0,
    bytes: Number.isFinite(bytes) ? bytes : 0,
  };
}

async function removeUnused(folder: string): Promise<boolean> {
  using lock = await tryLockFile(`${folder}.lock`, "exclusive");
  if (lock === undefined) return false;
  await writeSize(lock.file, 0);
  await removeFolder(folder);
  return true;
}
