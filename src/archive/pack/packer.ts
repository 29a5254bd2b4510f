import { crc32 } from "node:zlib";
import { MmsError, throwIfAborted } from "../../errors.ts";
import type { PackFile } from "./pack_file.ts";

/** Is told how many bytes of how many have been packed. */
export type PackProgress = (done: number, total: number) => void;

/** The packing of one archive: how far it is, and whether it goes on. */
export class Packer {
  readonly #total: number;
  readonly #progress: PackProgress | undefined;
  readonly #signal: AbortSignal | undefined;
  #done = 0;

  constructor(
    files: readonly PackFile[],
    options: {
      readonly progress?: PackProgress | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#progress = options.progress;
    this.#signal = options.signal;
  }

  /**
   * Opens a file, and counts what is read of it. The stream fails if the file
   * is not of the size, or of the checksum, that it was before.
   */
  async open(
    file: PackFile,
    checksum?: number,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    let read = 0;
    let sum = 0;
    const content = await file.open();
    return content.pipeThrough(
      new TransformStream({
        transform: (chunk, controller) => {
          throwIfAborted(this.#signal);
          read += chunk.length;
          if (checksum !== undefined) sum = crc32(chunk, sum);
          if (read > file.bytes) throw changed(file);
          this.#progress?.(this.#done += chunk.length, this.#total);
          controller.enqueue(chunk);
        },
        flush: () => {
          const same = checksum === undefined || sum === checksum;
          if (read !== file.bytes || !same) throw changed(file);
        },
      }),
    );
  }

  /** Reads a file without counting it as packed. */
  async *scan(file: PackFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const chunk of await file.open()) {
      throwIfAborted(this.#signal);
      yield chunk;
    }
  }
}

function changed(file: PackFile): MmsError {
  return new MmsError(
    "io_failed",
    `Cannot pack "${file.name}": it changed while it was read`,
  );
}
