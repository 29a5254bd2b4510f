/**
 * Files that the build put into the executable outside of what the runtime
 * reads when it starts: between the runtime and its payload. Large ones cost
 * neither time nor memory there until they are copied out.
 *
 * @module
 */

import { messageOf, MmsError } from "./errors.ts";
import { cacheFolder, openPrivateFolder } from "./private_folder.ts";

/** One file inside of the executable. */
export interface Attachment {
  /** The file's own name, without a folder. */
  readonly name: string;
  /** Where it begins in the executable, in bytes. */
  readonly offset: number;
  /** Its length. */
  readonly bytes: number;
  /** Its SHA-256 in lower-case hexadecimal digits. */
  readonly sha256: string;
}

const CHUNK_BYTES = 1 << 20;

/**
 * Returns the attachment called `name`; `undefined` in a program that was built
 * without, as every program is that runs from source.
 */
export async function findAttachment(
  name: string,
): Promise<Attachment | undefined> {
  if (!Deno.build.standalone) return undefined;
  const list: readonly Attachment[] = await readList();
  return list.find((attachment) => attachment.name === name);
}

/**
 * Returns the content of an attachment.
 *
 * @throws {Deno.errors.InvalidData} if the executable ends before it does
 */
export async function readAttachment(
  attachment: Attachment,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(attachment.bytes);
  let length = 0;
  for await (const chunk of chunksOf(attachment)) {
    content.set(chunk, length);
    length += chunk.length;
  }
  return length === content.length ? content : refuse(attachment);
}

/**
 * Returns the folders that copies may lie in and stay, best first: in the
 * user's cache, and in a folder of the user among the temporary files.
 */
export function attachmentFolders(): readonly string[] {
  const cache = cacheFolder();
  const temporary = `${temporaryFolder()}/mms-${Deno.uid()}`;
  return [...cache === undefined ? [] : [`${cache}/attachments`], temporary];
}

/** Returns where this system keeps temporary files. */
export function temporaryFolder(): string {
  return Deno.env.get("TMPDIR") || "/tmp";
}

/**
 * Returns the path of a copy in the first of the folders that can hold one.
 *
 * @throws {MmsError} `io_failed` if none can
 */
export async function placeAttachment(attachment: Attachment): Promise<string> {
  const reasons: string[] = [];
  for (const folder of attachmentFolders()) {
    try {
      return await copyAttachment(attachment, folder);
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new MmsError(
    "io_failed",
    `Cannot copy "${attachment.name}" out of "${Deno.execPath()}": ${
      reasons.join("; ")
    }, TMPDIR or MMS_CACHE_DIR can name a folder that can be written`,
  );
}

/**
 * Returns the path of a copy below `folder`, in a folder named by its content,
 * which is made and checked once: what lies there later is the user's own.
 *
 * @throws the system's error if there can be no copy, or no private one
 */
export async function copyAttachment(
  attachment: Attachment,
  folder: string,
): Promise<string> {
  await openPrivateFolder(folder);
  const entry = `${folder}/${attachment.sha256}`;
  if (!await isCopy(attachment, entry)) await makeCopy(attachment, entry);
  return `${entry}/${attachment.name}`;
}

/** The build writes the list beside this module, into the payload. */
async function readList(): Promise<readonly Attachment[]> {
  try {
    const list = new URL("./attachments.json", import.meta.url);
    return JSON.parse(await Deno.readTextFile(list));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function isCopy(
  { name, bytes }: Attachment,
  entry: string,
): Promise<boolean> {
  try {
    const { isFile, size } = await Deno.lstat(`${entry}/${name}`);
    return isFile && size === bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function makeCopy(attachment: Attachment, entry: string): Promise<void> {
  const unfinished = await Deno.makeTempDir({
    dir: entry.slice(0, entry.lastIndexOf("/")),
    prefix: "unfinished-",
  });
  try {
    await copyOut(attachment, `${unfinished}/${attachment.name}`);
    await Deno.rename(unfinished, entry);
  } catch (error) {
    await Deno.remove(unfinished, { recursive: true });
    // Another process may have made the same copy meanwhile.
    if (!await isCopy(attachment, entry)) throw error;
  }
}

async function copyOut(attachment: Attachment, path: string): Promise<void> {
  const { createHash } = await import("node:crypto"); // a first start alone needs it
  const hash = createHash("sha256");
  using target = await Deno.open(path, { write: true, createNew: true });
  for await (const chunk of chunksOf(attachment)) {
    hash.update(chunk);
    await writeAll(target, chunk);
  }
  if (hash.digest("hex") !== attachment.sha256) refuse(attachment);
}

/** Each chunk is gone when the next one is asked for. */
async function* chunksOf(
  { offset, bytes }: Attachment,
): AsyncGenerator<Uint8Array> {
  using source = await Deno.open(Deno.execPath());
  await source.seek(offset, Deno.SeekMode.Start);
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, bytes));
  for (let left = bytes; left > 0;) {
    const read = await source.read(buffer.subarray(0, left));
    if (read === null) return;
    yield buffer.subarray(0, read);
    left -= read;
  }
}

function refuse({ name }: Attachment): never {
  throw new Deno.errors.InvalidData(
    `Cannot use "${name}" from "${Deno.execPath()}": the executable is damaged`,
  );
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
