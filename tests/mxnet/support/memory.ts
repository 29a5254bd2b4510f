/**
 * Byte sources and sinks without files.
 *
 * @module
 */

import type { ByteSink, ByteSource } from "../../../src/mxnet/mod.ts";

/** Returns a source over bytes in memory. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        throw new RangeError(
          `read ${length} bytes at ${offset} of ${bytes.length}`,
        );
      }
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

/** A sink that keeps what it is given. */
export interface MemorySink extends ByteSink {
  /** All bytes so far. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** Returns a sink that keeps what it is given. */
export function memorySink(): MemorySink {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (bytes) => {
      chunks.push(bytes.slice());
      return Promise.resolve();
    },
    bytes: () => {
      const all = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
      let at = 0;
      for (const chunk of chunks) {
        all.set(chunk, at);
        at += chunk.length;
      }
      return all;
    },
  };
}
