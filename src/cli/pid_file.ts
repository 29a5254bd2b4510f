import { cacheFolder, openPrivateFolder } from "../private_folder.ts";

/** What a pid file tells: nothing served, nothing serves any more, or a process does. */
export type PidFileState =
  | { readonly state: "absent" }
  | { readonly state: "stale" }
  | { readonly state: "running"; readonly pid: number };

/** What the original says to whoever starts a second server. */
export const ALREADY_RUNNING =
  "Model server is already running, please use multi-model-server --stop to stop MMS.\n";

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

  /** Writes this process's number, or returns `undefined` where another one serves. */
  static async claim(path: string): Promise<PidFile | undefined> {
    for (;;) {
      const file = await Deno.open(path, {
        read: true,
        write: true,
        create: true,
        mode: 0o600,
      });
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
    await Deno.remove(this.#path).catch(ignoreNotFound);
    this.#file.close();
  }
}

/** Looks at a pid file. */
export async function readPidFile(path: string): Promise<PidFileState> {
  using file = await Deno.open(path).catch(ignoreNotFound);
  if (file === undefined) return { state: "absent" };
  if (await file.tryLock(false)) return { state: "stale" };
  const pid = Number(await Deno.readTextFile(path));
  // A process that has the lock and no number yet has only just begun.
  return Number.isInteger(pid) && pid > 0
    ? { state: "running", pid }
    : { state: "absent" };
}

/**
 * Returns the pid file of this user's server, its folder made where need be.
 *
 * @throws the system's error if the folder is not this user's alone
 */
export async function defaultPidFile(): Promise<string> {
  const runtime = Deno.env.get("XDG_RUNTIME_DIR");
  const folder = runtime ? `${runtime}/mms` : `${cacheFolder() ?? temporary()}`;
  await openPrivateFolder(folder);
  return `${folder}/mms.pid`;
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
