import { dirname, join } from "node:path";
import { MmsError, systemError, throwIfAborted } from "../../errors.ts";
import { shownName } from "./entry_name.ts";
import { EntryNames } from "./entry_names.ts";
import type { ArchiveLimits } from "../limits.ts";

/** What an archive says of one of its entries. */
export interface StatedEntry {
  readonly name: string;
  /** What it is, such as `file`, `folder` or `symbolic link`. */
  readonly kind: string;
  /** Unpacked. */
  readonly bytes: number;
}

/** An entry that may be unpacked. */
export interface AdmittedEntry extends StatedEntry {
  /** Folders and file, outermost first; empty for the archive's own folder. */
  readonly parts: readonly string[];
}

/** What is unpacked, where to, and within which bounds. */
export interface UnpackerOptions {
  /** The archive, as an absolute or relative path. */
  readonly file: string;
  /** The archive's own size. */
  readonly fileBytes: number;
  /** An empty folder. */
  readonly folder: string;
  readonly limits: ArchiveLimits;
  readonly signal: AbortSignal | undefined;
}

/** Files that are read whole before a model runs. */
const METADATA = /(^|\/)(manifest|signature)\.json$/i;

/**
 * The unpacking of one archive: what its entries add up to, and whether each of
 * them keeps to what the archive said of it.
 */
export class Unpacker {
  readonly #options: UnpackerOptions;
  readonly #names: EntryNames;
  #totalBytes = 0;

  constructor(options: UnpackerOptions) {
    this.#options = options;
    this.#names = new EntryNames(options.limits.entries);
  }

  /** The most bytes that the archive may unpack to. */
  get mostBytes(): number {
    const { limits, fileBytes } = this.#options;
    const byRatio = limits.ratioFreeBytes + limits.ratio * fileBytes;
    return Math.min(limits.totalBytes, byRatio);
  }

  /** The most files and folders that the archive may have. */
  get mostEntries(): number {
    return this.#options.limits.entries;
  }

  /**
   * Checks an entry before any of it is unpacked.
   *
   * @throws {MmsError} `invalid_archive` if its name, kind or size is refused
   */
  admit(entry: StatedEntry): AdmittedEntry {
    throwIfAborted(this.#options.signal);
    const { kind, name } = entry;
    if (kind !== "file" && kind !== "folder") {
      this.refuse(name, `it is a ${kind}`);
    }
    this.#admitSize(entry);
    try {
      return { ...entry, parts: this.#names.add(name, kind) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.refuse(name, error.message);
    }
  }

  /** Makes the folder that an entry stands for. */
  async makeFolder(entry: AdmittedEntry): Promise<void> {
    const path = join(this.#options.folder, ...entry.parts);
    await this.#fileSystem(entry, () => Deno.mkdir(path, { recursive: true }));
  }

  /**
   * Returns where the bytes of a file go; it fails where they are more or
   * fewer than the archive said.
   */
  file(entry: AdmittedEntry): WritableStream<Uint8Array> {
    const path = join(this.#options.folder, ...entry.parts);
    let file: Deno.FsFile | undefined;
    let written = 0;
    // Whoever fills the stream may fail before it begins: then nothing is open.
    const opened = async () =>
      file ??= await this.#fileSystem(entry, () => createFile(path));
    const write = async (chunk: Uint8Array) => {
      throwIfAborted(this.#options.signal);
      written += chunk.length;
      if (written > entry.bytes) this.#refuseSize(entry);
      const target = await opened();
      await this.#fileSystem(entry, () => writeAll(target, chunk));
    };
    return new WritableStream({
      write: async (chunk) => {
        try {
          await write(chunk);
        } catch (error) {
          // A stream that fails by itself is not aborted on top of that.
          file?.close();
          throw error;
        }
      },
      close: async () => {
        (await opened()).close();
        if (written < entry.bytes) this.#refuseSize(entry);
      },
      abort: () => file?.close(),
    });
  }

  /**
   * Refuses an entry, or the whole archive where `name` is `undefined`.
   *
   * @throws {MmsError} `invalid_archive`, always
   */
  refuse(name: string | undefined, reason: string, cause?: unknown): never {
    const archive = `"${this.#options.file}"`;
    const what = name === undefined
      ? archive
      : `${shownName(name)} from ${archive}`;
    throw new MmsError("invalid_archive", `Cannot unpack ${what}: ${reason}`, {
      cause,
    });
  }

  #admitSize({ name, bytes }: StatedEntry): void {
    const { limits } = this.#options;
    const most = METADATA.test(name) ? limits.metadataBytes : limits.entryBytes;
    if (bytes > most) this.refuse(name, `it is larger than ${most} bytes`);
    this.#totalBytes += bytes;
    if (this.#totalBytes > limits.totalBytes) {
      this.refuse(name, `with it there are over ${limits.totalBytes} bytes`);
    }
    if (this.#totalBytes > this.mostBytes) {
      this.refuse(
        name,
        `with it the archive unpacks to over ${limits.ratio} times its size`,
      );
    }
  }

  #refuseSize(entry: AdmittedEntry): never {
    this.refuse(
      entry.name,
      `its size is not the ${entry.bytes} bytes that the archive states`,
    );
  }

  async #fileSystem<T>(
    entry: AdmittedEntry,
    action: () => Promise<T>,
  ): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const name = shownName(entry.name);
      throw systemError(
        `Cannot unpack ${name} from "${this.#options.file}"`,
        error,
      );
    }
  }
}

async function createFile(path: string): Promise<Deno.FsFile> {
  await Deno.mkdir(dirname(path), { recursive: true });
  return await Deno.open(path, { write: true, createNew: true });
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
