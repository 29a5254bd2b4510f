import { bytesOf } from "../element_type.ts";
import type { NpyHeader } from "./npy.ts";

/** Yields a column-major array's elements in row-major order, all at once. */
export async function* toRowMajor(
  chunks: AsyncIterable<Uint8Array>,
  { type, shape }: NpyHeader,
): AsyncGenerator<Uint8Array> {
  const size = bytesOf(type);
  const columnMajor = await collect(
    chunks,
    shape.reduce((n, d) => n * d, size),
  );
  const rowMajor = new Uint8Array(columnMajor.length);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((n, d) => n * d, size)
  );
  const position = shape.map(() => 0);
  for (let at = 0; at < rowMajor.length; at += size) {
    const from = position.reduce((sum, p, axis) => sum + p * strides[axis]!, 0);
    rowMajor.set(columnMajor.subarray(from, from + size), at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[axis]! += 1;
      if (position[axis]! < shape[axis]!) break;
      position[axis] = 0;
    }
  }
  yield rowMajor;
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
