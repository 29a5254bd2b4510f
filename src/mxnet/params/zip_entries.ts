import type { ByteSource } from "../byte_source.ts";
import { invalidModel, quoted } from "../conversion_error.ts";

/** One file within a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly compressed: boolean;
  /** Where its bytes lie. */
  readonly offset: number;
  /** Bytes in the zip file. */
  readonly storedLength: number;
  /** Bytes when unpacked. */
  readonly length: number;
}

const END_MAGIC = 0x06054b50;
const END_BYTES = 22;
const END64_LOCATOR_BYTES = 20;
const ENTRY_MAGIC = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_MAGIC = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const MAX_DIRECTORY_BYTES = 1 << 26;
const IN_ZIP64 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads the directory of a zip file (APPNOTE 6.3, stored and deflated entries,
 * zip64).
 *
 * @throws {MmsError} `invalid_model` if it breaks the format
 */
export async function readZipEntries(
  source: ByteSource,
  fileName: string,
): Promise<readonly ZipEntry[]> {
  const fail = (problem: string) =>
    invalidModel(`Cannot read parameters ${quoted(fileName)}: ${problem}`);
  const { offset, length } = await findDirectory(source, fail);
  if (length > MAX_DIRECTORY_BYTES || offset + length > source.size) {
    throw fail(`its directory at byte ${offset} claims ${length} bytes`);
  }
  const directory = await source.read(offset, length);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < directory.length;) {
    const entry = parseEntry(directory, at);
    if (entry === undefined) {
      throw fail(`its directory is damaged at byte ${offset + at}`);
    }
    entries.push(await locate(entry, source, fail));
    at += entry.directoryBytes;
  }
  return entries;
}

type Fail = (problem: string) => Error;

async function findDirectory(
  source: ByteSource,
  fail: Fail,
): Promise<{ readonly offset: number; readonly length: number }> {
  const tailBytes = Math.min(source.size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = viewOf(await source.read(source.size - tailBytes, tailBytes));
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_MAGIC) continue;
    const length = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    if (offset !== IN_ZIP64 && length !== IN_ZIP64) return { offset, length };
    return await findDirectory64(source, source.size - tailBytes + at, fail);
  }
  throw fail("it is a zip file without a directory, perhaps cut short");
}

async function findDirectory64(
  source: ByteSource,
  end: number,
  fail: Fail,
): Promise<{ readonly offset: number; readonly length: number }> {
  const at = end - END64_LOCATOR_BYTES;
  const record = at < 0
    ? Number.POSITIVE_INFINITY
    : u64(viewOf(await source.read(at, END64_LOCATOR_BYTES)), 8);
  if (!(record + 56 <= source.size)) {
    throw fail("its zip64 directory is missing");
  }
  const view = viewOf(await source.read(record, 56));
  return { length: u64(view, 40), offset: u64(view, 48) };
}

interface DirectoryEntry {
  readonly name: string;
  readonly method: number;
  readonly localOffset: number;
  readonly storedLength: number;
  readonly length: number;
  readonly directoryBytes: number;
}

function parseEntry(
  directory: Uint8Array,
  at: number,
): DirectoryEntry | undefined {
  const view = viewOf(directory);
  if (at + ENTRY_BYTES > directory.length) return undefined;
  if (view.getUint32(at, true) !== ENTRY_MAGIC) return undefined;
  const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const end = extraEnd + view.getUint16(at + 32, true);
  if (end > directory.length) return undefined;
  const wide = wideNumbers(directory.subarray(nameEnd, extraEnd));
  const number = (position: number) => {
    const narrow = view.getUint32(at + position, true);
    return narrow === IN_ZIP64 ? wide.next().value ?? narrow : narrow;
  };
  const length = number(24);
  const storedLength = number(20);
  const localOffset = number(42);
  const method = view.getUint16(at + 10, true);
  const name = new TextDecoder().decode(
    directory.subarray(at + ENTRY_BYTES, nameEnd),
  );
  const directoryBytes = end - at;
  return { name, method, localOffset, storedLength, length, directoryBytes };
}

/** Yields the numbers of the zip64 extra field, in the order they stand. */
function* wideNumbers(extra: Uint8Array): Generator<number, undefined> {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    const end = Math.min(at + 4 + length, extra.length);
    if (view.getUint16(at, true) === 1) {
      for (let i = at + 4; i + 8 <= end; i += 8) yield u64(view, i);
    }
    at += 4 + length;
  }
}

async function locate(
  entry: DirectoryEntry,
  source: ByteSource,
  fail: Fail,
): Promise<ZipEntry> {
  const { name, method, localOffset, storedLength, length } = entry;
  const problem = problemOf(entry, source.size);
  if (problem !== undefined) throw fail(`entry ${quoted(name)} ${problem}`);
  const local = viewOf(await source.read(localOffset, LOCAL_BYTES));
  const offset = localOffset + LOCAL_BYTES + local.getUint16(26, true) +
    local.getUint16(28, true);
  const isLocal = local.getUint32(0, true) === LOCAL_MAGIC;
  if (!isLocal || offset + storedLength > source.size) {
    throw fail(`entry ${quoted(name)} is damaged at byte ${localOffset}`);
  }
  return {
    name,
    compressed: method === DEFLATED,
    offset,
    storedLength,
    length,
  };
}

function problemOf(
  { method, storedLength, length, localOffset }: DirectoryEntry,
  size: number,
): string | undefined {
  if (method !== STORED && method !== DEFLATED) {
    return `has compression method ${method}`;
  }
  if (method === STORED && storedLength !== length) return "has two lengths";
  return localOffset + LOCAL_BYTES > size
    ? `starts at byte ${localOffset}`
    : undefined;
}

function u64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
