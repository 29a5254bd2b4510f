import { basename, dirname, join } from "node:path";
import { DAY } from "./day.ts";
import { gzipFile } from "./gzip_file.ts";

/** Told what could not be done, and why. */
export type OnTrouble = (doing: string, error: unknown) => void;

/** How many rolled files are kept, as MMS's configuration says. */
const KEPT = 5;

/**
 * The rolled files of one log: `access_log.14-Oct.log`, compressed in the
 * background to `access_log.14-Oct.log.gz`; the second of a day is
 * `access_log.14-Oct.1.log.gz`. The five latest are kept.
 */
export class ArchivedLogs {
  readonly #path: string;
  readonly #folder: string;
  readonly #stem: string;
  readonly #ours: RegExp;
  readonly #onTrouble: OnTrouble;
  readonly #closing = new AbortController();
  #tidying: Promise<void> = Promise.resolve();

  /** Knows the rolled files of the log at `path`. */
  constructor(path: string, onTrouble: OnTrouble) {
    this.#path = path;
    this.#folder = dirname(path);
    this.#stem = basename(path, ".log");
    this.#ours = new RegExp(
      `^${this.#stem}\\.${DAY}(?:\\.\\d+)?\\.log(?:\\.gz)?$`,
    );
    this.#onTrouble = onTrouble;
  }

  /** Puts the log aside, under the name of its day. */
  async add(day: string): Promise<void> {
    const taken = new Set(await this.#names());
    let name = `${this.#stem}.${day}.log`;
    for (let n = 1; taken.has(name) || taken.has(`${name}.gz`); n++) {
      name = `${this.#stem}.${day}.${n}.log`;
    }
    await Deno.rename(this.#path, join(this.#folder, name));
  }

  /** Compresses and removes in the background what is due. */
  tidy(): void {
    this.#tidying = this.#tidying.then(() => this.#tidy());
  }

  /** Stops what is done in the background; the next start goes on with it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#tidying;
  }

  async #tidy(): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    try {
      const latest = await this.#latestFirst();
      for (const path of latest.splice(KEPT)) await Deno.remove(path);
      for (const path of latest.filter((path) => path.endsWith(".log"))) {
        await gzipFile(path, signal);
      }
    } catch (error) {
      if (signal.aborted || isDoneByOthers(error)) return;
      this.#onTrouble(`tidy up the rolled files of "${this.#path}"`, error);
    }
  }

  async #latestFirst(): Promise<string[]> {
    const found: { readonly path: string; readonly time: number }[] = [];
    for (const name of await this.#names()) {
      const path = join(this.#folder, name);
      const { mtime } = await Deno.stat(path);
      found.push({ path, time: mtime?.getTime() ?? 0 });
    }
    return found.sort((a, b) => b.time - a.time).map(({ path }) => path);
  }

  async #names(): Promise<string[]> {
    const names = [];
    for await (const { name, isFile } of Deno.readDir(this.#folder)) {
      if (isFile && this.#ours.test(name)) names.push(name);
    }
    return names;
  }
}

/** Whether another process that writes to the same folder was faster. */
function isDoneByOthers(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.AlreadyExists;
}
