import type { ByteSource } from "../byte_source.ts";
import { quoted } from "../conversion_error.ts";
import { ByteCursor } from "./byte_cursor.ts";
import { refuseForeignContent } from "./foreign_content.ts";
import { readNpy, readNpz } from "./npz.ts";
import { type ParamFile, paramFileOf } from "./param_array.ts";
import { paramArrayOf } from "./record_array.ts";
import { type NDArrayRecord, readRecord } from "./record.ts";

const LIST_MAGIC = 0x112;
const ZIP_MAGICS = [0x04034b50, 0x06054b50];
const NPY_MAGIC = 0x4d554e93;
const MIN_RECORD_BYTES = 4;
const NAME_LENGTH_BYTES = 8;
const MAX_NAME_BYTES = 4096;

/**
 * Reads the index of a parameter file of MXNet 0.5 to 2.0: `.params` and
 * `.nd` with records V0 to V3, `.npz` and `.npy`. Elements stay in the file.
 *
 * @throws {MmsError} `invalid_model` if the file breaks its format, naming the
 * offset
 */
export async function readParams(
  source: ByteSource,
  fileName: string,
): Promise<ParamFile> {
  await refuseForeignContent(source, fileName);
  const cursor = new ByteCursor(source, fileName);
  const magic = await cursor.u32("the file's type");
  if (ZIP_MAGICS.includes(magic)) return await readNpz(source, fileName);
  if (magic === NPY_MAGIC) return await readNpy(source, fileName);
  if (magic !== LIST_MAGIC || await cursor.u32("the file's type") !== 0) {
    throw cursor.invalid(
      "this is not a parameter file of MXNet, which starts with 0x112",
      0,
    );
  }
  return await readList(source, cursor);
}

async function readList(
  source: ByteSource,
  cursor: ByteCursor,
): Promise<ParamFile> {
  await cursor.u64("a reserved number");
  const count = await readCount(cursor, MIN_RECORD_BYTES);
  const records: (NDArrayRecord | undefined)[] = [];
  while (records.length < count) records.push(await readRecord(cursor));
  const names = await readNames(cursor, count);
  const warnings = cursor.remaining > 0
    ? [`${quoted(cursor.fileName)} has ${cursor.remaining} bytes after its end`]
    : [];
  const entries = records.flatMap((record, i) => {
    const array = record && paramArrayOf(record, {
      name: names[i]!,
      source,
      fileName: cursor.fileName,
    });
    return array === undefined ? [] : [array];
  });
  return paramFileOf(cursor.fileName, entries, warnings);
}

async function readCount(cursor: ByteCursor, bytes: number): Promise<number> {
  const start = cursor.offset;
  const count = await cursor.u64("a count");
  if (count * bytes > cursor.remaining) {
    throw cursor.invalid(
      `${count} entries are announced, more than ${cursor.remaining} bytes can hold`,
      start,
    );
  }
  return count;
}

async function readNames(
  cursor: ByteCursor,
  count: number,
): Promise<readonly string[]> {
  const start = cursor.offset;
  const nameCount = await readCount(cursor, NAME_LENGTH_BYTES);
  if (nameCount !== count) {
    throw cursor.invalid(
      `${count} arrays have ${nameCount} names, a checkpoint names each`,
      start,
    );
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const names: string[] = [];
  while (names.length < count) {
    const at = cursor.offset;
    const length = await cursor.u64("a name's length");
    if (length > MAX_NAME_BYTES) {
      throw cursor.invalid(`a name has ${length} bytes`, at);
    }
    const bytes = await cursor.bytes(length, "a name");
    try {
      names.push(decoder.decode(bytes));
    } catch (cause) {
      throw cursor.invalid(`a name is not UTF-8 (${String(cause)})`, at);
    }
  }
  return names;
}
