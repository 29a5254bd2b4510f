import { ByteReader } from "./byte_reader.ts";

const ENTRY_BYTES = 12;

/** Bytes of one value of the types that are read: BYTE, SHORT, LONG. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

/** Returns a reader in the byte order that a TIFF structure begins with. */
export function tiffReader(bytes: Uint8Array, what: string): ByteReader {
  const isLittleEndian = bytes[0] === 0x49; // "II" or "MM"
  return new ByteReader(bytes, what, isLittleEndian ? "little" : "big");
}

/** An image file directory (TIFF 6.0 §2): tags with their values. */
export class Ifd {
  readonly #reader: ByteReader;
  /** Where the entry of each tag is. */
  readonly #entries = new Map<number, number>();

  /**
   * Reads the directory's entries; their values when they are asked for.
   *
   * @throws {MmsError} `bad_request` if an entry lies outside of the bytes
   */
  constructor(reader: ByteReader, at: number) {
    this.#reader = reader;
    const count = reader.u16(at);
    reader.need(at + 2, count * ENTRY_BYTES);
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + i * ENTRY_BYTES;
      this.#entries.set(reader.u16(entry), entry);
    }
  }

  /**
   * Returns the whole numbers of a tag; none where it is missing or holds
   * something else.
   *
   * @throws {MmsError} `bad_request` if they lie outside of the bytes
   */
  values(tag: number): readonly number[] {
    const reader = this.#reader;
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    const bytes = TYPE_BYTES[reader.u16(entry + 2)];
    if (bytes === undefined) return [];
    const count = reader.u32(entry + 4);
    const isInline = count * bytes <= 4;
    const at = isInline ? entry + 8 : reader.u32(entry + 8);
    reader.need(at, count * bytes);
    return Array.from({ length: count }, (_, i) => {
      const from = at + i * bytes;
      if (bytes === 1) return reader.u8(from);
      return bytes === 2 ? reader.u16(from) : reader.u32(from);
    });
  }
}
