import type { FileHandle } from "node:fs/promises";
import {
  configure,
  type Entry,
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_ENCRYPTED,
  ERR_ENTRY_DATA_OUT_OF_BOUNDS,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_COMPRESSED_DATA,
  ERR_INVALID_CRC32,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_LOCAL_FILE_HEADER_NOT_FOUND,
  ERR_OVERLAPPING_ENTRY,
  ERR_UNSUPPORTED_COMPRESSION,
  Reader,
  ZipReader,
} from "../zip.ts";
import { messageOf, MmsError } from "../../errors.ts";
import type { AdmittedEntry, Unpacker } from "./unpacker.ts";

/** A directory of 10 000 entries takes about 1 MB; zip.js reads it whole. */
const MAX_READ_BYTES = 32 * 1024 ** 2;

/** What deflate puts out at once for one read may be a thousand times as much. */
const CHUNK_BYTES = 1 << 16;

/** The bits of a Unix mode that say what a file is; `S_IFMT` of POSIX. */
const FILE_KINDS: ReadonlyMap<number, string> = new Map([
  [0o010000, "pipe"],
  [0o020000, "device"],
  [0o040000, "folder"],
  [0o060000, "device"],
  [0o120000, "link"],
  [0o140000, "socket"],
]);

/** What the user is told where zip.js says no. */
const REASONS: Readonly<Record<string, string>> = {
  [ERR_AMBIGUOUS_ARCHIVE]: "parts of the archive contradict each other",
  [ERR_ENCRYPTED]: "it is encrypted",
  [ERR_ENTRY_DATA_OUT_OF_BOUNDS]: "its bytes are not all in the archive",
  [ERR_EOCDR_NOT_FOUND]: "the archive is cut off",
  [ERR_INVALID_COMPRESSED_DATA]: "its bytes are damaged",
  [ERR_INVALID_CRC32]: "its checksum is wrong",
  [ERR_INVALID_UNCOMPRESSED_SIZE]:
    "its size is not what the archive says it is",
  [ERR_LOCAL_FILE_HEADER_NOT_FOUND]: "its bytes are not where they should be",
  [ERR_OVERLAPPING_ENTRY]: "it overlaps another entry",
  [ERR_UNSUPPORTED_COMPRESSION]: "it is compressed in an unknown way",
};

/**
 * Unpacks a zip file (PKWARE APPNOTE 6.3.10): first every entry is checked,
 * then they are written.
 *
 * @throws {MmsError} `invalid_archive` if the file or an entry is refused
 */
export async function unpackZip(
  file: FileHandle,
  unpacker: Unpacker,
): Promise<void> {
  configure({ useWebWorkers: false, chunkSize: CHUNK_BYTES });
  await using zip = new ZipReader(new FileReader(file), {
    strictness: "strict",
    filenameValidation: "tolerant", // the unpacker names the entry
    checkOverlappingEntry: true,
    checkCrc32: true,
    useCompressionStream: true,
  });
  for (const [entry, admitted] of await admitEntries(zip, unpacker)) {
    if (entry.directory) await unpacker.makeFolder(admitted);
    else await unpackEntry(entry, admitted, unpacker);
  }
}

async function admitEntries(
  zip: ZipReader<FileHandle>,
  unpacker: Unpacker,
): Promise<readonly (readonly [Entry, AdmittedEntry])[]> {
  const admitted: (readonly [Entry, AdmittedEntry])[] = [];
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      const stated = {
        name: entry.filename,
        kind: kindOf(entry),
        bytes: entry.uncompressedSize,
      };
      admitted.push([entry, unpacker.admit(stated)]);
    }
  } catch (error) {
    rethrow(error, unpacker, undefined);
  }
  return admitted;
}

async function unpackEntry(
  entry: Entry & { readonly directory: false },
  admitted: AdmittedEntry,
  unpacker: Unpacker,
): Promise<void> {
  try {
    await entry.getData(unpacker.file(admitted));
  } catch (error) {
    rethrow(error, unpacker, admitted.name);
  }
}

function kindOf(entry: Entry): string {
  const mode = entry.externalFileAttributes >>> 16;
  const kind = FILE_KINDS.get(mode & 0o170000) ?? "file";
  return entry.directory && kind === "file" ? "folder" : kind;
}

function rethrow(
  error: unknown,
  unpacker: Unpacker,
  name: string | undefined,
): never {
  if (error instanceof MmsError) throw error;
  const message = messageOf(error);
  unpacker.refuse(name, REASONS[message] ?? message, error);
}

/** Reads a file piece by piece, at any place. */
class FileReader extends Reader<FileHandle> {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    super(file);
    this.#file = file;
  }

  override async init(): Promise<void> {
    await super.init?.();
    this.size = (await this.#file.stat()).size;
  }

  override async readUint8Array(
    offset: number,
    length: number,
  ): Promise<Uint8Array> {
    if (length > MAX_READ_BYTES) {
      throw new RangeError(`its directory is larger than ${MAX_READ_BYTES}`);
    }
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const place = [filled, length - filled, offset + filled] as const;
      const { bytesRead } = await this.#file.read(bytes, ...place);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}
