import { createHash } from "node:crypto";
import { type FileHandle, open, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, MmsError } from "../../errors.ts";
import { isRecord } from "../model/json_field.ts";

/** What is known of a file before it is there. */
export interface Expected {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** By what a server can tell later whether a file has changed. */
export interface DownloadRecord {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Of the whole file; `undefined` while only a part of it is there. */
  readonly sha256: string | undefined;
}

const NO_RECORD: DownloadRecord = {
  etag: undefined,
  lastModified: undefined,
  sha256: undefined,
};

/** Disk space that a download leaves to others. */
const SPARE_BYTES = 16 * 1024 ** 2;

/** A file in a folder of its own, with a record of where it came from. */
export class DownloadPart {
  readonly #folder: string;

  /** Takes up what was left in the folder, if anything. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file. */
  get path(): string {
    return join(this.#folder, "part");
  }

  /** Returns what is known of the file; nothing if the record is unreadable. */
  async record(): Promise<DownloadRecord> {
    try {
      return readRecord(JSON.parse(await Deno.readTextFile(this.#recordPath)));
    } catch {
      // Not there, or cut off when a process was killed: as good as nothing.
      return NO_RECORD;
    }
  }

  /** Notes what is known of the file. */
  async note(record: DownloadRecord): Promise<void> {
    await Deno.writeTextFile(this.#recordPath, JSON.stringify(record));
  }

  /** Returns how many bytes of it are there. */
  async size(): Promise<number> {
    try {
      return (await Deno.stat(this.path)).size;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return 0;
      throw error;
    }
  }

  /** Begins anew at the next try. */
  async drop(): Promise<void> {
    try {
      await Deno.remove(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /**
   * Makes sure that `bytes` more fit on the disk.
   *
   * @throws {MmsError} `io_failed` if they do not
   */
  async requireSpace(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    const free = bavail * bsize;
    if (bytes + SPARE_BYTES <= free) return;
    throw new MmsError(
      "io_failed",
      `Cannot download ${bytes} bytes to "${
        dirname(this.#folder)
      }": the disk has ${free} bytes left`,
    );
  }

  /**
   * Adds bytes at the end.
   *
   * @throws {MmsError} `io_failed` if the disk refuses; what is there goes, to
   * make room
   */
  async append(file: FileHandle, chunk: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < chunk.length;) {
        written += (await file.write(chunk, written)).bytesWritten;
      }
    } catch (error) {
      await this.drop();
      throw new MmsError(
        "io_failed",
        `Cannot write to "${dirname(this.#folder)}": ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  get #recordPath(): string {
    return join(this.#folder, "source.json");
  }
}

/** Returns the SHA-256 of a file in 64 hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await using file = await open(path, "r");
  for await (const chunk of file.createReadStream()) hash.update(chunk);
  return hash.digest("hex");
}

function readRecord(noted: unknown): DownloadRecord {
  if (!isRecord(noted)) return NO_RECORD;
  const text = (key: string) => {
    const value = noted[key];
    return typeof value === "string" ? value : undefined;
  };
  return {
    etag: text("etag"),
    lastModified: text("lastModified"),
    sha256: text("sha256"),
  };
}
