/** Some bytes of an array that is zero between its pieces. */
export interface Piece {
  /** Offset within the array; each lies behind the piece before it. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

const CHUNK_BYTES = 1 << 20;

/** Yields `total` bytes in chunks: the pieces, and zeros between them. */
export async function* scatter(
  total: number,
  pieces: AsyncIterable<Piece>,
): AsyncGenerator<Uint8Array> {
  let start = 0;
  let chunk = new Uint8Array(Math.min(CHUNK_BYTES, total));
  const next = () => {
    const full = chunk;
    start += full.length;
    chunk = new Uint8Array(Math.min(CHUNK_BYTES, total - start));
    return full;
  };
  for await (const { at, bytes } of pieces) {
    for (let done = 0; done < bytes.length;) {
      while (at + done >= start + chunk.length) yield next();
      const position = at + done - start;
      const part = bytes.subarray(done, done + chunk.length - position);
      chunk.set(part, position);
      done += part.length;
    }
  }
  while (start < total) yield next();
}
