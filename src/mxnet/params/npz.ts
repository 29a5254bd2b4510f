import { type ByteSource, readChunks } from "../byte_source.ts";
import { invalidModel, quoted } from "../conversion_error.ts";
import { bytesOf } from "../element_type.ts";
import { toRowMajor } from "./column_major.ts";
import {
  NPY_PREAMBLE_BYTES,
  type NpyHeader,
  npyHeaderLength,
  parseNpyHeader,
} from "./npy.ts";
import { type ParamArray, type ParamFile, paramFileOf } from "./param_array.ts";
import { readZipEntries, type ZipEntry } from "./zip_entries.ts";

/** Bytes of one `.npy` file, wherever they come from. */
interface NpyBytes {
  readonly name: string;
  readonly length: number;
  /** Where they lie in the parameter file, if they lie there as they are. */
  readonly offset?: number;
  /** Yields the bytes from the start. */
  stream(): AsyncIterable<Uint8Array>;
}

/**
 * Reads the index of an `.npz` file, as MXNet 2 and numpy write them.
 *
 * @throws {MmsError} `invalid_model` if it breaks its format
 */
export async function readNpz(
  source: ByteSource,
  fileName: string,
): Promise<ParamFile> {
  const entries = await readZipEntries(source, fileName);
  const arrays: ParamArray[] = [];
  for (const entry of entries.filter(({ name }) => !name.endsWith("/"))) {
    const name = entry.name.replace(/\.npy$/, "");
    const bytes = { ...bytesOfEntry(entry, source), name };
    arrays.push(await npyArray(bytes, fileName));
  }
  return paramFileOf(fileName, arrays, []);
}

/** Reads a single `.npy` file; its array has no name. */
export async function readNpy(
  source: ByteSource,
  fileName: string,
): Promise<ParamFile> {
  const range = { offset: 0, length: source.size };
  const stream = () => readChunks(source, range);
  const array = await npyArray({ ...range, name: "", stream }, fileName);
  return paramFileOf(fileName, [array], []);
}

function bytesOfEntry(
  entry: ZipEntry,
  source: ByteSource,
): Omit<NpyBytes, "name"> {
  const { offset, length, storedLength } = entry;
  const range = { offset, length: storedLength };
  return entry.compressed
    ? { length, stream: () => inflate(readChunks(source, range)) }
    : { length, offset, stream: () => readChunks(source, range) };
}

async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const packed = ReadableStream.from(chunks) as ReadableStream<
    Uint8Array<ArrayBuffer>
  >;
  yield* packed.pipeThrough(new DecompressionStream("deflate-raw"));
}

async function npyArray(
  bytes: NpyBytes,
  fileName: string,
): Promise<ParamArray> {
  const { name } = bytes;
  const where = `${quoted(name)} of ${quoted(fileName)}`;
  const fail = (problem: string) =>
    invalidModel(`Cannot read parameter ${where}: ${problem}`);
  const header = await readHeader(bytes).catch((cause) => {
    throw fail(`its compressed bytes are damaged (${String(cause)})`);
  });
  if (header === undefined) {
    throw fail("it is not a .npy array that MXNet reads");
  }
  const { type, shape, columnMajor } = header;
  const length = shape.reduce((n, extent) => n * extent, bytesOf(type));
  if (header.length + length !== bytes.length) {
    const what = `${type}[${shape.join(", ")}]`;
    throw fail(`${what} does not take ${bytes.length} bytes`);
  }
  const read = () => elements(bytes, header, fail);
  const array = { name, type, shape, read };
  if (columnMajor && shape.length > 1) {
    return { ...array, read: () => toRowMajor(read(), header) };
  }
  const offset = bytes.offset === undefined
    ? undefined
    : bytes.offset + header.length;
  return offset === undefined
    ? array
    : { ...array, location: { offset, length } };
}

async function readHeader(bytes: NpyBytes): Promise<NpyHeader | undefined> {
  let head = new Uint8Array(0);
  for await (const chunk of bytes.stream()) {
    head = joined(head, chunk);
    const length = npyHeaderLength(head);
    if (length === undefined && head.length >= NPY_PREAMBLE_BYTES) break;
    if (length !== undefined && length <= head.length) {
      return parseNpyHeader(head.subarray(0, length));
    }
  }
  return undefined;
}

/** Yields what follows the header, and fails if it is not all there. */
async function* elements(
  bytes: NpyBytes,
  header: NpyHeader,
  fail: (problem: string) => Error,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  try {
    for await (const chunk of bytes.stream()) {
      const from = Math.max(0, header.length - at);
      at += chunk.length;
      if (at > bytes.length) break;
      if (from < chunk.length) yield chunk.subarray(from);
    }
  } catch (cause) {
    throw fail(`its compressed bytes are damaged (${String(cause)})`);
  }
  if (at !== bytes.length) throw fail(`it does not have ${bytes.length} bytes`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
