/**
 * Zip files byte by byte (PKWARE APPNOTE 6.3.10), honest or not.
 *
 * @module
 */

import { crc32, deflateRawSync } from "node:zlib";
import { bytesOf, joined, littleEndian } from "./bytes.ts";

/** One entry; what is left out is as an honest writer has it. */
export interface ZipEntry {
  readonly name: string;
  readonly data?: Uint8Array | string;
  /** 0 stored, 8 deflated. */
  readonly method?: number;
  readonly flags?: number;
  /** Upper half: the Unix mode. */
  readonly attributes?: number;
  /** What the directory says instead of the truth. */
  readonly lie?: {
    readonly bytes?: number;
    readonly packedBytes?: number;
    readonly checksum?: number;
    readonly offset?: number;
  };
  /** What the header before the data says instead of the truth. */
  readonly localLie?: { readonly name?: string; readonly bytes?: number };
}

/** What may be wrong with the file as a whole. */
export interface ZipOptions {
  readonly before?: Uint8Array | string;
  readonly after?: Uint8Array | string;
  /** How many entries the end of the directory speaks of. */
  readonly count?: number;
}

const UTF8_NAMES = 0x0800;
const VERSION = 20;
const UNIX = 3 << 8;
const DATE_1980 = 0x0021;

/** Returns a zip file with these entries. */
export function zipBytes(
  entries: readonly ZipEntry[],
  options: ZipOptions = {},
): Uint8Array {
  const before = bytesOf(options.before ?? "");
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = before.length;
  for (const entry of entries) {
    const packed = pack(entry);
    const part = joined(localHeader(entry, packed), packed);
    directory.push(directoryHeader(entry, packed, offset));
    parts.push(part);
    offset += part.length;
  }
  const list = joined(...directory);
  const count = options.count ?? entries.length;
  const end = littleEndian(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, list.length],
    [4, offset],
    [2, 0],
  );
  return joined(before, ...parts, list, end, bytesOf(options.after ?? ""));
}

function pack(entry: ZipEntry): Uint8Array {
  const data = bytesOf(entry.data ?? "");
  return entry.method === 8 ? new Uint8Array(deflateRawSync(data)) : data;
}

function localHeader(entry: ZipEntry, packed: Uint8Array): Uint8Array {
  const data = bytesOf(entry.data ?? "");
  const name = bytesOf(entry.localLie?.name ?? entry.name);
  return joined(
    littleEndian(
      [4, 0x04034b50],
      [2, VERSION],
      [2, entry.flags ?? UTF8_NAMES],
      [2, entry.method ?? 0],
      [2, 0],
      [2, DATE_1980],
      [4, entry.lie?.checksum ?? crc32(data)],
      [4, entry.lie?.packedBytes ?? packed.length],
      [4, entry.localLie?.bytes ?? entry.lie?.bytes ?? data.length],
      [2, name.length],
      [2, 0],
    ),
    name,
  );
}

function directoryHeader(
  entry: ZipEntry,
  packed: Uint8Array,
  offset: number,
): Uint8Array {
  const data = bytesOf(entry.data ?? "");
  const name = bytesOf(entry.name);
  return joined(
    littleEndian(
      [4, 0x02014b50],
      [2, UNIX | VERSION],
      [2, VERSION],
      [2, entry.flags ?? UTF8_NAMES],
      [2, entry.method ?? 0],
      [2, 0],
      [2, DATE_1980],
      [4, entry.lie?.checksum ?? crc32(data)],
      [4, entry.lie?.packedBytes ?? packed.length],
      [4, entry.lie?.bytes ?? data.length],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, entry.attributes ?? 0],
      [4, entry.lie?.offset ?? offset],
    ),
    name,
  );
}
