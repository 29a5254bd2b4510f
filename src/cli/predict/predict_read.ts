import { MmsError, systemError } from "../../errors.ts";

/** What stands for standard input. */
export const STDIN = "-";

/** More of one input is refused before it fills the memory. */
const MAX_INPUT_BYTES = 256 * 1024 ** 2;

/** Endings of files that are models, and hardly inputs of one. */
const MODEL = /\.(?:mar|model|onnx|params|tar\.gz|tgz)$/i;

const URL_START = /^[a-z][a-z\d+.-]*:\/\//i;

/**
 * Reads one input: a file, or `-`.
 *
 * @throws {MmsError} `resource_not_found` if it is not there; `bad_request` if
 * it cannot be an input; `io_failed` if the system refuses
 */
export async function readInput(
  file: string,
  stdin: ReadableStream<Uint8Array> = Deno.stdin.readable,
): Promise<Uint8Array> {
  if (file === STDIN) return await readAll(stdin, "standard input");
  await checkInput(file);
  try {
    return await readAll((await Deno.open(file)).readable, file);
  } catch (error) {
    throw readError(file, error);
  }
}

/**
 * Makes sure that an input is there and is none that nobody means, without
 * reading it.
 *
 * @throws {MmsError} as {@linkcode readInput} does
 */
export async function checkInput(file: string): Promise<void> {
  if (file === STDIN) return;
  try {
    const { isDirectory } = await Deno.stat(file);
    if (isDirectory) {
      refuse(file, `it is a folder, "${file}/*" would name its files`);
    }
  } catch (error) {
    throw readError(file, error);
  }
  if (MODEL.test(file)) {
    refuse(file, `it is a model, --model ${file} would name it`);
  }
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  file: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_INPUT_BYTES) {
      refuse(file, `it is larger than ${MAX_INPUT_BYTES} bytes`);
    }
  }
  if (length === 0) refuse(file, "it is empty");
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function readError(file: string, error: unknown): unknown {
  if (!(error instanceof Deno.errors.NotFound)) {
    return systemError(`Cannot read "${file}"`, error);
  }
  const reason = URL_START.test(file)
    ? `it is a url, curl -sL "${file}" | mms predict - would pass it on`
    : "there is no such file";
  return new MmsError(
    "resource_not_found",
    `Cannot read "${file}": ${reason}`,
    {
      cause: error,
    },
  );
}

function refuse(file: string, reason: string): never {
  throw new MmsError("bad_request", `Cannot read "${file}": ${reason}`);
}
