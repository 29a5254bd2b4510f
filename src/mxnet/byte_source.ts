/** Bytes that can be read from anywhere in them, such as an open file. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Returns exactly `length` bytes from `offset`; callers stay within `size`.
   *
   * @throws {MmsError} `io_failed` if the bytes cannot be had
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Where bytes that are written go, in order. */
export interface ByteSink {
  /**
   * Takes the next bytes, which the caller may reuse once this has returned.
   *
   * @throws {MmsError} `io_failed` if they cannot be kept
   */
  write(bytes: Uint8Array): Promise<void>;
}

const CHUNK_BYTES = 1 << 20;

/** Yields `length` bytes from `offset` in chunks of at most 1 MiB. */
export async function* readChunks(
  source: ByteSource,
  range: { readonly offset: number; readonly length: number },
): AsyncGenerator<Uint8Array> {
  const end = range.offset + range.length;
  for (let at = range.offset; at < end; at += CHUNK_BYTES) {
    yield await source.read(at, Math.min(CHUNK_BYTES, end - at));
  }
}
