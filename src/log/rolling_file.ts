import { dirname } from "node:path";
import { ArchivedLogs } from "./archived_logs.ts";
import type { LineTarget } from "./line_writer.ts";
import { dayOf } from "./day.ts";

/** How a file is rolled, and who hears of what cannot be done. */
export interface RollingFileOptions {
  /** Bytes after which a new file is begun. */
  readonly maxBytes?: number;
  /** Tells the time, in ms since 1970. */
  readonly now?: () => number;
  /** Told what went wrong with rolled files, which stops nothing. */
  readonly onTrouble: (doing: string, error: unknown) => void;
}

/** As MMS: 100 MB. */
const MAX_BYTES = 100 << 20;

/** How often it is checked that the path still leads to the file, in ms. */
const CHECK_EVERY = 5000;

/**
 * A log file to which lines are added. When it is full or the day is over it
 * is put aside under that day's name, and a new one is begun. One that was
 * moved or removed by somebody else is begun anew as well.
 */
export class RollingFile implements LineTarget {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #onTrouble: RollingFileOptions["onTrouble"];
  readonly #archives: ArchivedLogs;
  #file: Deno.FsFile | undefined;
  #inode: number | null = null;
  #size = 0;
  #day = "";
  #checkedAt = 0;
  #isStale = false;

  /** Makes the target; the file is opened when it is needed. */
  constructor(path: string, options: RollingFileOptions) {
    this.#path = path;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#now = options.now ?? Date.now;
    this.#onTrouble = options.onTrouble;
    this.#archives = new ArchivedLogs(path, options.onTrouble);
  }

  /** Lets the path be opened again before the next line is written. */
  reopen(): void {
    this.#isStale = true;
  }

  async prepare(bytes: number): Promise<void> {
    if (this.#isStale || await this.#wasMoved()) this.#closeFile();
    if (this.#file === undefined) await this.#open();
    if (bytes > 0 && this.#size > 0 && this.#isOver(bytes)) await this.#roll();
  }

  async write(bytes: Uint8Array): Promise<number> {
    try {
      const written = await this.#file!.write(bytes); // `prepare` opened it
      this.#size += written;
      return written;
    } catch (error) {
      this.#closeFile();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closeFile();
    await this.#archives.close();
  }

  async #open(): Promise<void> {
    await Deno.mkdir(dirname(this.#path), { recursive: true });
    const file = await Deno.open(this.#path, { append: true, create: true });
    const { size, mtime, ino } = await file.stat();
    this.#file = file;
    this.#inode = ino;
    this.#size = size;
    this.#day = dayOf(size > 0 ? mtime?.getTime() ?? this.#now() : this.#now());
    this.#checkedAt = this.#now();
    this.#isStale = false;
    this.#archives.tidy();
  }

  async #wasMoved(): Promise<boolean> {
    if (this.#file === undefined || this.#inode === null) return false;
    if (Math.abs(this.#now() - this.#checkedAt) < CHECK_EVERY) return false;
    return !await this.#isInPlace();
  }

  async #isInPlace(): Promise<boolean> {
    this.#checkedAt = this.#now();
    try {
      return (await Deno.stat(this.#path)).ino === this.#inode;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  #isOver(bytes: number): boolean {
    return this.#size + bytes > this.#maxBytes ||
      this.#day !== dayOf(this.#now());
  }

  async #roll(): Promise<void> {
    // Another process may have rolled the file that both write to.
    const isOurs = await this.#isInPlace();
    this.#closeFile();
    try {
      if (isOurs) await this.#archives.add(this.#day);
    } catch (error) {
      this.#onTrouble(`roll the log "${this.#path}"`, error);
    }
    await this.#open();
    // A file that could not be put aside is tried again when as much is added.
    this.#size = 0;
    this.#day = dayOf(this.#now());
  }

  #closeFile(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
