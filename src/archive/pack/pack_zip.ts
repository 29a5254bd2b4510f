import { crc32, deflateRawSync } from "node:zlib";
import type { PackFile } from "./pack_file.ts";
import type { Packer } from "./packer.ts";
import { configure, ZipWriter } from "../zip.ts";

/** 1 January 1980, the first day that MS-DOS knows. */
const FIRST_DOS_DATE = 0x0021_0000;

/** What every file looks like, whoever packs it and when. */
const SAME_FOR_ALL = {
  rawLastModDate: FIRST_DOS_DATE,
  extendedTimestamp: false,
  msDosCompatible: true,
  externalFileAttributes: 0,
  useCompressionStream: true,
} as const;

/** The method that leaves the bytes as they are; PKWARE APPNOTE 4.4.5. */
const STORED = 0;

/** Pieces of a file, evenly spread, that tell whether to deflate it. */
const SAMPLES = 16;
const SAMPLE_BYTES = 1 << 14;

/** Trained weights of full precision lose 8 % of their size at most. */
const WORTH_DEFLATING = 0.9;

/**
 * Writes files as a zip file whose bytes depend on nothing but their names and
 * contents. What does not get smaller is stored.
 */
export async function packZip(
  files: readonly PackFile[],
  packer: Packer,
  output: WritableStream<Uint8Array>,
): Promise<void> {
  configure({ useWebWorkers: false });
  const zip = new ZipWriter(output, SAME_FOR_ALL);
  for (const file of files) {
    const { checksum, deflates } = await inspect(file, packer);
    const content = {
      readable: await packer.open(file, checksum),
      size: file.bytes,
    };
    await zip.add(
      file.name,
      content,
      deflates ? {} : {
        passThrough: true,
        compressionMethod: STORED,
        uncompressedSize: file.bytes,
        crc32: checksum,
      },
    );
  }
  await zip.close();
}

/** A stored file's checksum has to be known before it: old readers need it there. */
async function inspect(
  file: PackFile,
  packer: Packer,
): Promise<{ readonly checksum: number; readonly deflates: boolean }> {
  const sample = new Uint8Array(Math.min(SAMPLES * SAMPLE_BYTES, file.bytes));
  let checksum = 0;
  let offset = 0;
  for await (const chunk of packer.scan(file)) {
    checksum = crc32(chunk, checksum);
    takeSamples(sample, chunk, { offset, total: file.bytes });
    offset += chunk.length;
  }
  const deflated = deflateRawSync(sample).length;
  return { checksum, deflates: deflated < WORTH_DEFLATING * sample.length };
}

/** Copies what lies in `chunk` of the pieces that make up the sample. */
function takeSamples(
  sample: Uint8Array,
  chunk: Uint8Array,
  place: { readonly offset: number; readonly total: number },
): void {
  const pieces = place.total > sample.length ? SAMPLES : 1;
  const pieceBytes = sample.length / pieces;
  for (let i = 0; i < pieces; i++) {
    const from = Math.floor(i * place.total / pieces) - place.offset;
    const start = Math.max(from, 0);
    const piece = chunk.subarray(start, Math.max(from + pieceBytes, start));
    if (piece.length > 0) sample.set(piece, i * pieceBytes + start - from);
  }
}
