import { corruptedImage } from "../image_error.ts";

/** Reads numbers from a file's bytes; none lies outside of them. */
export class ByteReader {
  /** How many bytes there are. */
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  readonly #isLittleEndian: boolean;

  /**
   * Reads from `bytes`.
   *
   * @param what the file's format with its article, for messages
   */
  constructor(bytes: Uint8Array, what: string, order: "little" | "big") {
    this.length = bytes.length;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#what = what;
    this.#isLittleEndian = order === "little";
  }

  /** An unsigned 8-bit number. */
  u8(at: number): number {
    this.need(at, 1);
    return this.#view.getUint8(at);
  }

  /** An unsigned 16-bit number. */
  u16(at: number): number {
    this.need(at, 2);
    return this.#view.getUint16(at, this.#isLittleEndian);
  }

  /** An unsigned 32-bit number. */
  u32(at: number): number {
    this.need(at, 4);
    return this.#view.getUint32(at, this.#isLittleEndian);
  }

  /** A signed 32-bit number. */
  i32(at: number): number {
    this.need(at, 4);
    return this.#view.getInt32(at, this.#isLittleEndian);
  }

  /** One character a byte, as names of chunks are written. */
  text(at: number, length: number): string {
    return String.fromCharCode(...this.bytes(at, length));
  }

  /** A part of the file. */
  bytes(at: number, length: number): Uint8Array {
    this.need(at, length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Where the next byte of that value is; −1 where there is none. */
  find(value: number, from: number): number {
    return this.#bytes.indexOf(value, from);
  }

  /**
   * Makes sure that `length` bytes lie at `at`.
   *
   * @throws {MmsError} `bad_request` if the file ends before
   */
  need(at: number, length: number): void {
    if (at + length > this.length) {
      throw corruptedImage(
        `${this.#what} ends early, after ${this.length} bytes`,
      );
    }
  }
}
