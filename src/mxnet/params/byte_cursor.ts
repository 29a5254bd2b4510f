import { invalidModel, quoted } from "../conversion_error.ts";
import type { ByteSource } from "../byte_source.ts";

const WINDOW_BYTES = 1 << 14;

/** Reads little-endian numbers one after another from a file. */
export class ByteCursor {
  /** The file's name, for messages. */
  readonly fileName: string;
  readonly #source: ByteSource;
  #offset = 0;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  /** Starts at the first byte. */
  constructor(source: ByteSource, fileName: string) {
    this.#source = source;
    this.fileName = fileName;
  }

  /** The offset of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes between here and the end of the file. */
  get remaining(): number {
    return this.#source.size - this.#offset;
  }

  /** Moves on to `offset`, which has to lie within the file. */
  seek(offset: number): void {
    this.#offset = offset;
  }

  /** Returns the next `length` bytes; `what` names them in messages. */
  async bytes(length: number, what: string): Promise<Uint8Array> {
    this.require(length, what);
    const start = this.#offset;
    this.#offset += length;
    const skip = start - this.#windowStart;
    if (skip >= 0 && skip + length <= this.#window.length) {
      return this.#window.subarray(skip, skip + length);
    }
    const wanted = Math.max(length, WINDOW_BYTES);
    this.#windowStart = start;
    this.#window = await this.#source.read(
      start,
      Math.min(wanted, this.#source.size - start),
    );
    return this.#window.subarray(0, length);
  }

  /** Returns the next unsigned 32-bit number. */
  async u32(what: string): Promise<number> {
    return (await this.#view(4, what)).getUint32(0, true);
  }

  /** Returns the next signed 32-bit number. */
  async i32(what: string): Promise<number> {
    return (await this.#view(4, what)).getInt32(0, true);
  }

  /** Returns the next 64-bit count; one beyond 2^53 is an error. */
  async u64(what: string): Promise<number> {
    const start = this.#offset;
    const value = (await this.#view(8, what)).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw this.invalid(`${what} is ${value}`, start);
    }
    return Number(value);
  }

  /** Fails unless `length` more bytes are there. */
  require(length: number, what: string): void {
    if (length <= this.remaining) return;
    throw this.invalid(
      `${what} needs ${length} bytes and the file ends at byte ${this.#source.size}`,
    );
  }

  /** Returns an error that names the file and the offset. */
  invalid(problem: string, offset: number = this.#offset): Error {
    return invalidModel(
      `Cannot read parameters ${
        quoted(this.fileName)
      }: at byte ${offset}, ${problem}`,
    );
  }

  async #view(length: number, what: string): Promise<DataView> {
    const { buffer, byteOffset } = await this.bytes(length, what);
    return new DataView(buffer, byteOffset, length);
  }
}
