import { setTimeout } from "node:timers/promises";
import { throwIfAborted } from "../../errors.ts";

/** Time between two tries for a lock, in ms: doubled from the first to the last. */
const FIRST_PAUSE = 10;
const LAST_PAUSE = 320;

/** Shared by any number of holders, or one holder's alone. */
export type LockMode = "shared" | "exclusive";

/** A lock on a file; it ends when disposed of, or with the process. */
export interface FileLock extends Disposable {
  /** The file that carries the lock, open for reading and writing. */
  readonly file: Deno.FsFile;
}

/** How a lock is waited for. */
export interface LockOptions {
  /** Ends the waiting with an error. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the waiting without a lock, once it tells that there is no need. */
  readonly unless?: (() => Promise<boolean>) | undefined;
}

/**
 * Takes a lock as soon as no other holder, here or in another process, is in
 * its way; `undefined` only if `unless` says so first. The file is made if it
 * is not there; it must never be removed.
 *
 * @throws {MmsError} `aborted` if the signal fires before
 */
export async function lockFileUnless(
  path: string,
  mode: LockMode,
  { signal, unless }: LockOptions,
): Promise<FileLock | undefined> {
  for (let pause = FIRST_PAUSE;; pause = Math.min(2 * pause, LAST_PAUSE)) {
    throwIfAborted(signal);
    const lock = await tryLockFile(path, mode);
    if (lock !== undefined) return lock;
    if (await unless?.()) return undefined;
    await wait(pause, signal);
  }
}

/**
 * Takes a lock as soon as no other holder, here or in another process, is in
 * its way. The file is made if it is not there; it must never be removed.
 *
 * @throws {MmsError} `aborted` if the signal fires before
 */
export async function lockFile(
  path: string,
  mode: LockMode,
  signal?: AbortSignal,
): Promise<FileLock> {
  const lock = await lockFileUnless(path, mode, { signal });
  return lock!; // there is no other end to waiting
}

/** Takes a lock, or returns `undefined` if another holder is in its way. */
export async function tryLockFile(
  path: string,
  mode: LockMode,
): Promise<FileLock | undefined> {
  const file = await Deno.open(path, {
    read: true,
    write: true,
    create: true,
    mode: 0o600,
  });
  let taken = false;
  try {
    taken = await file.tryLock(mode === "exclusive");
  } finally {
    if (!taken) file.close();
  }
  return taken
    ? { file, [Symbol.dispose]: () => file[Symbol.dispose]() }
    : undefined;
}

/**
 * Waits that many ms.
 *
 * @throws {MmsError} `aborted` if the signal fires before
 */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal && { signal });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}
