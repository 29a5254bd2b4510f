import { frameRoom, KEEP_BYTES, writeFrame } from "./frame.ts";

/** Where frames go: a connection, or what stands for one. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<number>;
}

/** Grows to what is written at once. */
const FIRST_BYTES = 1 << 14;

const NOTHING_TO_WRITE = Promise.resolve();

/**
 * Puts frames onto a connection. Frames are appended to one buffer, which goes
 * out on the spot and is swapped for its twin meanwhile, so that nothing is
 * allocated for a frame and frames appended during a write leave together.
 */
export class FrameWriter {
  readonly #sink: ByteSink;
  #filling = new Uint8Array(FIRST_BYTES);
  #writing = new Uint8Array(FIRST_BYTES);
  /** Bytes of `#filling` that wait to be written. */
  #length = 0;
  #written: Promise<void> | undefined;

  /** Writes to `sink`. */
  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Bytes that have been appended and not flushed. */
  get pending(): number {
    return this.#length;
  }

  /**
   * Appends a frame, which goes out with the next flush.
   *
   * @throws {MmsError} `request_too_large` if it is longer than the format
   * allows; nothing is appended then
   */
  append(header: string, parts: readonly Uint8Array[]): void {
    this.#makeRoom(frameRoom(header, parts));
    this.#length = writeFrame(this.#filling, this.#length, { header, parts });
  }

  /**
   * Writes what was appended, at once, or as soon as the write that is under
   * way has ended; resolves when it is written, rejects if the connection
   * is lost.
   */
  flush(): Promise<void> {
    if (this.#written === undefined && this.#length > 0) {
      this.#written = this.#write();
    }
    return this.#written ?? NOTHING_TO_WRITE;
  }

  async #write(): Promise<void> {
    try {
      while (this.#length > 0) {
        const bytes = this.#filling.subarray(0, this.#length);
        [this.#filling, this.#writing] = [this.#writing, this.#filling];
        this.#length = 0;
        await writeAll(this.#sink, bytes);
        if (this.#writing.length > KEEP_BYTES) {
          this.#writing = new Uint8Array(FIRST_BYTES);
        }
      }
    } finally {
      this.#written = undefined;
    }
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#filling.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#filling.length));
    grown.set(this.#filling.subarray(0, this.#length));
    this.#filling = grown;
  }
}

async function writeAll(sink: ByteSink, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    offset += await sink.write(
      offset === 0 ? bytes : bytes.subarray(offset),
    );
  }
}
