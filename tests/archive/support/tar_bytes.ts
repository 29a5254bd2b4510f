/**
 * Tar files byte by byte (POSIX.1-1988 ustar), honest or not.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { bytesOf, joined } from "./bytes.ts";

/** One entry; what is left out is as an honest writer has it. */
export interface TarEntry {
  readonly name: string;
  /** `0` file, `1` and `2` links, `3` to `6` devices, folder, pipe. */
  readonly type?: string;
  readonly data?: Uint8Array | string;
  readonly linkName?: string;
  /** The size that the header states instead of the truth. */
  readonly size?: number;
  /** What is added to the header's checksum. */
  readonly checksumError?: number;
}

const BLOCK = 512;

/** Returns a gzipped tar file with these entries. */
export function tarGzBytes(entries: readonly TarEntry[]): Uint8Array {
  return new Uint8Array(gzipSync(tarBytes(entries)));
}

/** Returns a tar file with these entries, and its end. */
export function tarBytes(entries: readonly TarEntry[]): Uint8Array {
  return joined(...entries.map(entryBytes), new Uint8Array(2 * BLOCK));
}

/** Returns the header, content and padding of one entry. */
export function entryBytes(entry: TarEntry): Uint8Array {
  const data = bytesOf(entry.data ?? "");
  const padding = new Uint8Array((BLOCK - data.length % BLOCK) % BLOCK);
  return joined(header(entry, data), data, padding);
}

/** Returns an extended header (POSIX.1-2001 pax) for the entry that follows. */
export function paxHeader(key: string, value: string): TarEntry {
  const record = ` ${key}=${value}\n`;
  let length = bytesOf(record).length + 1;
  while (bytesOf(`${length}${record}`).length !== length) length++;
  return { name: "PaxHeader", type: "x", data: `${length}${record}` };
}

function header(entry: TarEntry, data: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, text: string) =>
    block.set(bytesOf(text), offset);
  put(0, entry.name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${octal(entry.size ?? data.length, 11)}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, entry.type ?? "0");
  put(157, entry.linkName ?? "");
  put(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum + (entry.checksumError ?? 0), 6)}\0 `);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
