import type { FileHandle } from "node:fs/promises";
import { messageOf, MmsError } from "../../errors.ts";
import { createTarDecoder, type ParsedTarEntry } from "../tar.ts";
import type { Unpacker } from "./unpacker.ts";

/** gzip may put out a thousand times as much at once. */
const CHUNK_BYTES = 1 << 14;

/** What an entry may need besides its content: header, attributes, padding. */
const ENTRY_OVERHEAD_BYTES = 1 << 12;

const KINDS: Readonly<Record<string, string>> = {
  "file": "file",
  "directory": "folder",
  "symlink": "link",
  "link": "link",
  "fifo": "pipe",
};

/**
 * Unpacks a gzipped tar file (RFC 1952; POSIX.1-2001 pax, ustar and GNU long
 * names), and returns the one folder at its top that everything lies in, if
 * there is one.
 *
 * @throws {MmsError} `invalid_archive` if the file or an entry is refused
 */
export async function unpackTarGz(
  file: FileHandle,
  unpacker: Unpacker,
): Promise<string | undefined> {
  const tops = new Set<string | undefined>();
  let last: string | undefined;
  try {
    const bytes = readChunks(file)
      .pipeThrough(new DecompressionStream("gzip"))
      .pipeThrough(bounded(unpacker, () => last));
    for await (const entry of bytes.pipeThrough(tarDecoder())) {
      last = entry.header.name;
      const parts = await unpackEntry(entry, unpacker);
      if (parts.length > 0) tops.add(topFolder(entry, parts));
    }
  } catch (error) {
    if (error instanceof MmsError) throw error;
    unpacker.refuse(last, `the archive is damaged: ${messageOf(error)}`, error);
  }
  const [top] = tops;
  return tops.size === 1 ? top : undefined;
}

async function unpackEntry(
  entry: ParsedTarEntry,
  unpacker: Unpacker,
): Promise<readonly string[]> {
  const { name, size: bytes } = entry.header;
  const admitted = unpacker.admit({ name, kind: kindOf(entry), bytes });
  if (entry.header.type === "directory") {
    await entry.body.cancel();
    await unpacker.makeFolder(admitted);
  } else {
    await entry.body.pipeTo(unpacker.file(admitted));
  }
  return admitted.parts;
}

/** Returns the folder at the top that the entry lies in or is, if any. */
function topFolder(
  { header }: ParsedTarEntry,
  parts: readonly string[],
): string | undefined {
  const inFolder = parts.length > 1 || header.type === "directory";
  return inFolder ? parts[0] : undefined;
}

function kindOf({ header }: ParsedTarEntry): string {
  const attributes = Object.keys(header.pax ?? {});
  if (attributes.some((key) => key.startsWith("GNU.sparse."))) {
    return "sparse file";
  }
  return KINDS[header.type ?? "file"] ?? "device";
}

function tarDecoder(): ReadableWritablePair<ParsedTarEntry, Uint8Array> {
  return createTarDecoder({ strict: true });
}

/** Ends a stream that unpacks to more than the archive may. */
function bounded(
  unpacker: Unpacker,
  last: () => string | undefined,
): TransformStream<Uint8Array, Uint8Array> {
  const most = unpacker.mostBytes + unpacker.mostEntries * ENTRY_OVERHEAD_BYTES;
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.length;
      if (total > most) {
        unpacker.refuse(last(), `the archive unpacks to over ${most} bytes`);
      }
      controller.enqueue(chunk);
    },
  });
}

function readChunks(file: FileHandle): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const bytes = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await file.read(bytes);
      if (bytesRead === 0) controller.close();
      else controller.enqueue(bytes.subarray(0, bytesRead));
    },
  });
}
