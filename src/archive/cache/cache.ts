import { dirname, join } from "node:path";
import { systemError } from "../../errors.ts";
import { openPrivateFolder } from "../../private_folder.ts";
import { type CacheFolder, openCacheFolder } from "./cache_folder.ts";
import { type FileLock, lockFile, lockFileUnless } from "./cache_lock.ts";
import { folderBytes, prune, removeFolder, writeSize } from "./cache_prune.ts";

/**
 * What a cache keeps: downloads, unpacked archives, converted graphs, what
 * Python services import, environments with what they require, the modules of
 * other services.
 */
export type CacheKind =
  | "zoo"
  | "models"
  | "graphs"
  | "python"
  | "environments"
  | "services";

/** Everything that this much leaves room for is kept. */
const DEFAULT_KEEP_BYTES = 64 * 1024 ** 3;

/** A folder in a cache; it stays where it is until disposed of. */
export interface CacheEntry extends AsyncDisposable {
  /** Absolute; read only. */
  readonly folder: string;
}

/** How a cache is set up. */
export interface CacheOptions {
  /** Where it lives; left out: a temporary folder of this process. */
  readonly folder?: string | undefined;
  /**
   * Bytes beyond which the entries that were not used for longest go, unless
   * they are in use; 64 GiB unless given.
   */
  readonly keepBytes?: number | undefined;
}

/** How an entry comes to be. */
export interface EntryOptions {
  /** Fills the empty folder that will be the entry; runs in one process at a time. */
  readonly make: (folder: string) => Promise<void>;
  /** Ends the waiting for another process that makes the same entry. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Folders by the SHA-256 of what they were made of, shared by all processes of
 * one user. An entry is there completely or not at all.
 */
export class Cache implements AsyncDisposable {
  readonly #options: CacheOptions;
  #root: Promise<CacheFolder> | undefined;

  /** Touches nothing before the first entry is asked for. */
  constructor(options: CacheOptions = {}) {
    this.#options = options;
  }

  /**
   * Returns the entry `key`, 64 hexadecimal digits, which is made first where
   * it is not there.
   *
   * @throws {MmsError} `aborted` if the signal fires; `io_failed` if the disk
   * refuses; what `make` throws
   */
  async entry(
    kind: CacheKind,
    key: string,
    options: EntryOptions,
  ): Promise<CacheEntry> {
    const folder = join(await this.#kindFolder(kind), requireKey(key));
    while (true) {
      const lease = await leaseFolder(folder, options.signal);
      if (lease !== undefined) return lease;
      await makeFolder(folder, options);
      await this.#makeRoom();
    }
  }

  /** Returns the entry `key` if it is there. */
  async find(kind: CacheKind, key: string): Promise<CacheEntry | undefined> {
    const folder = join(await this.#kindFolder(kind), requireKey(key));
    return await leaseFolder(folder, undefined);
  }

  /**
   * Hands out a folder that one process at a time may work in, and that keeps
   * what is left there, such as the first half of a download.
   *
   * @throws {MmsError} `aborted` if the signal fires
   */
  async workplace(
    kind: CacheKind,
    key: string,
    signal?: AbortSignal,
  ): Promise<CacheEntry> {
    const folder = join(await this.#kindFolder(kind), requireKey(key));
    const lock = await lockFile(lockOf(folder), "exclusive", signal);
    await using stack = new AsyncDisposableStack();
    stack.use(lock);
    await openPrivateFolder(folder);
    stack.defer(() => leaveWorkplace(folder, lock));
    const held = stack.move();
    return { folder, [Symbol.asyncDispose]: () => held.disposeAsync() };
  }

  async #kindFolder(kind: CacheKind): Promise<string> {
    this.#root ??= openCacheFolder(this.#options.folder);
    const folder = join((await this.#root).path, kind);
    await openPrivateFolder(folder);
    return folder;
  }

  async #makeRoom(): Promise<void> {
    const { path } = await this.#root!;
    await prune(path, this.#options.keepBytes ?? DEFAULT_KEEP_BYTES);
  }

  /** Removes the folder if it was a temporary one; entries must be given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    const root = await this.#root;
    if (root?.temporary) await Deno.remove(root.path, { recursive: true });
  }
}

async function leaseFolder(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<CacheEntry | undefined> {
  await using stack = new AsyncDisposableStack();
  const lock = stack.use(await lockFile(lockOf(folder), "shared", signal));
  if (!await isFolder(folder)) return undefined;
  await lock.file.utime(new Date(), new Date());
  const held = stack.move();
  return { folder, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function makeFolder(
  folder: string,
  { make, signal }: EntryOptions,
): Promise<void> {
  // Whoever makes it first may hold on to it, and never let go of its lock.
  using lock = await lockFileUnless(lockOf(folder), "exclusive", {
    signal,
    unless: () => isFolder(folder),
  });
  if (lock === undefined || await isFolder(folder)) return;
  // Under the lock, what is there is left from a process that was killed.
  const unfinished = `${folder}.tmp`;
  await removeFolder(unfinished);
  await Deno.mkdir(unfinished, { mode: 0o700 });
  try {
    await make(unfinished);
    await writeSize(lock.file, await folderBytes(unfinished));
    await Deno.rename(unfinished, folder);
  } catch (error) {
    await removeFolder(unfinished);
    throw systemError(
      `Cannot write to the cache "${dirname(folder)}"`,
      error,
    );
  }
}

async function leaveWorkplace(folder: string, lock: FileLock): Promise<void> {
  const bytes = await folderBytes(folder);
  await writeSize(lock.file, bytes);
  if (bytes === 0) await removeFolder(folder);
}

function lockOf(folder: string): string {
  return `${folder}.lock`;
}

async function isFolder(path: string): Promise<boolean> {
  const info = await Deno.lstat(path).catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  return info?.isDirectory ?? false;
}

function requireKey(key: string): string {
  if (!/^[0-9a-f]{64}$/.test(key)) {
    throw new TypeError(`A key has 64 hexadecimal digits, not "${key}"`);
  }
  return key;
}
