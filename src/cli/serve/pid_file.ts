import { messageOf, MmsError, systemError } from "../../errors.ts";
import { cacheFolder, openPrivateFolder } from "../../private_folder.ts";

/** What a pid file tells: nothing served, nothing serves any more, or a process does. */
export type PidFileState =
  | { readonly state: "absent" }
  | { readonly state: "stale" }
  | { readonly state: "running"; readonly pid: number };

/** Returns what whoever starts a second server is told to call, in the original's words. */
export function alreadyRunning(command: string): string {
  return `Model server is already running, please use ${command} --stop to stop MMS.\n`;
}

/**
 * The file that says which process serves. That process holds a lock on it for
 * as long as it lives: a number by itself may have come to mean another one.
 */
export class PidFile implements AsyncDisposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Writes this process's number, or returns `undefined` where another one serves.
   *
   * @throws {MmsError} `io_failed` if the file cannot be written
   */
  static async claim(path: string): Promise<PidFile | undefined> {
    for (;;) {
      const file = await openToWrite(path);
      if (!await file.tryLock(true)) {
        file.close();
        return undefined;
      }
      if (await isStillAt(file, path)) {
        await file.truncate();
        await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
        return new PidFile(path, file);
      }
      file.close();
    }
  }

  /** Removes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await removePidFile(this.#path);
    this.#file.close();
  }
}

/** Looks at a pid file. */
export async function readPidFile(path: string): Promise<PidFileState> {
  using file = await Deno.open(path).catch(ignoreNotFound);
  if (file === undefined) return { state: "absent" };
  if (await file.tryLock(false)) return { state: "stale" };
  // By then its owner may have removed it, so the path is not looked at again.
  const pid = Number(await new Response(file.readable).text());
  // A process that has the lock and no number yet has only just begun.
  return Number.isInteger(pid) && pid > 0
    ? { state: "running", pid }
    : { state: "absent" };
}

/**
 * Returns the pid file of this user's server, its folder made where need be.
 *
 * @throws {MmsError} `io_failed` if the folder cannot be made, or is not this
 * user's alone
 */
export async function defaultPidFile(): Promise<string> {
  const runtime = Deno.env.get("XDG_RUNTIME_DIR");
  const folder = runtime ? `${runtime}/mms` : `${cacheFolder() ?? temporary()}`;
  try {
    await openPrivateFolder(folder);
  } catch (cause) {
    throw new MmsError(
      "io_failed",
      `Cannot keep the pid file in "${folder}": ${
        messageOf(cause)
      }, --pid-file with a path that this user may write would be right`,
      { cause },
    );
  }
  return `${folder}/mms.pid`;
}

/** Removes a pid file, unless somebody was quicker. */
export async function removePidFile(path: string): Promise<void> {
  await Deno.remove(path).catch(ignoreNotFound);
}

async function openToWrite(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
  } catch (error) {
    throw systemError(`Cannot write the pid file "${path}"`, error);
  }
}

/** A folder for those who have neither a home nor a cache. */
function temporary(): string {
  const shared = Deno.env.get("TMPDIR") ?? Deno.env.get("TEMP") ?? "/tmp";
  return `${shared}/mms-${Deno.uid() ?? Deno.env.get("USERNAME")}`;
}

/** Whoever held the lock before may have removed the file. */
async function isStillAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const there = await Deno.stat(path).catch(ignoreNotFound);
  return there !== undefined && there.ino === (await file.stat()).ino;
}

function ignoreNotFound(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
