import { handOver } from "./hand_over.ts";
import type { PackedBytes } from "./messages.ts";

/** Longer arrays cross in a buffer of their own, uncopied where they can. */
const MAX_PACKED_BYTES = 1 << 16;

/** What is kept for the next message, in bytes. */
const KEPT_BYTES = 1 << 17;

/**
 * The arrays of one message: the short ones share one buffer, since each that
 * crosses costs more than its bytes do.
 */
export class Packing {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(KEPT_BYTES);
  #length = 0;
  #transfer: ArrayBuffer[] = [];

  /** What is handed over with the message, beside what is packed. */
  get transfer(): ArrayBuffer[] {
    return this.#transfer;
  }

  /** Returns what stands for an array: where its copy is, or one that is handed over. */
  add(array: Uint8Array): PackedBytes {
    if (array.length > MAX_PACKED_BYTES) {
      return handOver(array, this.#transfer);
    }
    const start = this.#length;
    const end = start + array.length;
    if (end > this.#bytes.length) this.#grow();
    this.#bytes.set(array, start);
    this.#length = end;
    return [start, end];
  }

  /** Returns what crosses with a message, and begins the next one. */
  take(): {
    readonly packed: Uint8Array;
    readonly transfer: ArrayBuffer[];
  } {
    const packed = this.#bytes.slice(0, this.#length);
    const transfer = this.#transfer;
    if (this.#length > 0) transfer.push(packed.buffer);
    if (this.#bytes.length > KEPT_BYTES) {
      this.#bytes = new Uint8Array(KEPT_BYTES);
    }
    this.#length = 0;
    this.#transfer = [];
    return { packed, transfer };
  }

  /** There is room for one more array then. */
  #grow(): void {
    const bytes = new Uint8Array(2 * this.#bytes.length);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
