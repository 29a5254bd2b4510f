import { basename } from "node:path";
import { messageOf, MmsError } from "../errors.ts";
import type {
  ByteSink,
  ByteSource,
  CheckpointInput,
  ConvertedGraph,
} from "../mxnet/mod.ts";

/** The two files of an MXNet checkpoint, as paths. */
export interface CheckpointFiles {
  /** `NAME-symbol.json`. */
  readonly symbol: string;
  /** `NAME-0000.params`. */
  readonly params: string;
}

/** What a checkpoint is converted to. */
export interface ConvertFilesOptions {
  /** The inputs as the signature has them; without, as the symbol has them. */
  readonly inputs?: readonly CheckpointInput[];
  /** The ONNX file that is written. */
  readonly graph: string;
  /**
   * As for `convertCheckpoint`; external weights must come to lie beside it,
   * called as `weightsFile` says.
   */
  readonly weights: "external" | "inline";
}

const MAX_SYMBOL_BYTES = 256 * 1024 * 1024;
/** How a file begins that stands for one that Git LFS keeps elsewhere. */
const LFS_POINTER = "version https://git-lfs.github.com/spec/";
const BUFFER_BYTES = 1 << 18;

/** Returns the name under which a graph looks for its weights beside it. */
export function weightsFile({ params }: CheckpointFiles): string {
  const name = basename(params);
  return name.endsWith(".params") ? name : "weights.params";
}

/**
 * Converts the checkpoint in two files to an ONNX file.
 *
 * @throws {MmsError} `invalid_model` naming what stands against it; `io_failed`
 * if the disk refuses
 */
export async function convertCheckpointFiles(
  files: CheckpointFiles,
  options: ConvertFilesOptions,
): Promise<ConvertedGraph> {
  // Only checkpoints need the converter.
  const { convertCheckpoint } = await import(
    import.meta.resolve("../mxnet/mod.ts")
  ) as typeof import("../mxnet/mod.ts");
  using params = await openSource(files.params);
  await using sink = await openSink(options.graph);
  const converted = await convertCheckpoint({
    symbol: await readSymbol(files.symbol),
    params,
    paramsName: weightsFile(files),
    weights: options.weights,
    ...options.inputs && { inputs: options.inputs },
  }, sink);
  await sink.flush();
  return converted;
}

async function readSymbol(path: string): Promise<string> {
  const { size } = await Deno.stat(path);
  if (size > MAX_SYMBOL_BYTES) {
    throw new MmsError(
      "invalid_model",
      `Cannot convert "${path}": it has ${size} bytes, ${MAX_SYMBOL_BYTES} are allowed`,
    );
  }
  const text = await Deno.readTextFile(path);
  if (!text.startsWith(LFS_POINTER)) return text;
  throw new MmsError(
    "invalid_model",
    `Cannot convert "${path}": it is a Git LFS pointer, fetch the file itself with git lfs pull`,
  );
}

async function openSource(path: string): Promise<ByteSource & Disposable> {
  const file = await Deno.open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      await file.seek(offset, Deno.SeekMode.Start);
      for (let at = 0; at < length;) {
        const count = await file.read(bytes.subarray(at));
        if (count === null) {
          throw new MmsError(
            "io_failed",
            `Cannot read "${path}": it ends at byte ${
              offset + at
            }, it had ${size} bytes before`,
          );
        }
        at += count;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** Gathers small writes, of which a graph has many. */
async function openSink(path: string) {
  const file = await Deno.create(path);
  const buffer = new Uint8Array(BUFFER_BYTES);
  let filled = 0;
  const flush = async () => {
    await writeAll(file, { path, bytes: buffer.subarray(0, filled) });
    filled = 0;
  };
  const write: ByteSink["write"] = async (bytes) => {
    if (filled + bytes.length > buffer.length) await flush();
    if (bytes.length > buffer.length) return writeAll(file, { path, bytes });
    buffer.set(bytes, filled);
    filled += bytes.length;
  };
  return {
    write,
    flush,
    [Symbol.asyncDispose]: () => Promise.resolve(file.close()),
  };
}

async function writeAll(
  file: Deno.FsFile,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) {
      at += await file.write(bytes.subarray(at));
    }
  } catch (error) {
    throw new MmsError(
      "io_failed",
      `Cannot write "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}
