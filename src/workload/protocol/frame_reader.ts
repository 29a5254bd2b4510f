import { MmsError } from "../../errors.ts";
import {
  type Frame,
  KEEP_BYTES,
  PREFIX_BYTES,
  readFrame,
  readPrefix,
} from "./frame.ts";

/** Where frames come from: a connection, or what stands for one. */
export interface ByteSource {
  read(into: Uint8Array): Promise<number | null>;
}

/** Holds the answers that come at once, unless they are large. */
const FIRST_BYTES = 1 << 16;

/** Takes frames off a connection, as many at a time as have arrived. */
export class FrameReader {
  readonly #source: ByteSource;
  readonly #maxBodyBytes: number;
  readonly #frames: Frame[] = [];
  readonly #firstBytes: number;
  #bytes: Uint8Array<ArrayBuffer>;
  /** Of `#bytes`, what has been received and not been handed out. */
  #start = 0;
  #end = 0;

  /**
   * Reads from `source`, up to `firstBytes` at a time unless a frame is larger;
   * a body may have up to `maxBodyBytes`.
   */
  constructor(
    source: ByteSource,
    maxBodyBytes: number,
    firstBytes: number = FIRST_BYTES,
  ) {
    this.#source = source;
    this.#maxBodyBytes = maxBodyBytes;
    this.#firstBytes = firstBytes;
    this.#bytes = new Uint8Array(firstBytes);
  }

  /**
   * Waits for at least one frame and returns all that are complete, in an
   * array that holds, like their bodies, until the next call. Returns
   * `undefined` when the other side has closed the connection.
   *
   * @throws {MmsError} `worker_died` if a frame breaks the rules or the
   * connection ends within one
   */
  async receive(): Promise<readonly Frame[] | undefined> {
    this.#frames.length = 0;
    this.#parse();
    while (this.#frames.length === 0) {
      if (!await this.#readMore()) return undefined;
      this.#parse();
    }
    return this.#frames;
  }

  #parse(): void {
    while (this.#end - this.#start >= PREFIX_BYTES) {
      const sizes = readPrefix(this.#bytes, this.#start, this.#maxBodyBytes);
      const length = PREFIX_BYTES + sizes.header + sizes.body;
      if (this.#end - this.#start < length) return;
      this.#frames.push(readFrame(this.#bytes, this.#start, sizes));
      this.#start += length;
    }
  }

  async #readMore(): Promise<boolean> {
    this.#makeRoom();
    const count = await this.#source.read(this.#bytes.subarray(this.#end));
    if (count !== null) {
      this.#end += count;
      return true;
    }
    if (this.#start === this.#end) return false;
    throw new MmsError(
      "worker_died",
      "Cannot read a frame: the connection ended within it",
    );
  }

  /** Doubles rather than trusting the announced size, which may be a lie. */
  #makeRoom(): void {
    const kept = this.#end - this.#start;
    const full = kept === this.#bytes.length;
    const tooLarge = kept === 0 && this.#bytes.length > KEEP_BYTES;
    if (full || tooLarge) {
      const bytes = new Uint8Array(full ? 2 * kept : this.#firstBytes);
      bytes.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = bytes;
    } else if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
    }
    this.#start = 0;
    this.#end = kept;
  }
}
