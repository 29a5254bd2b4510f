/**
 * Files that the build put into the executable outside of what the runtime
 * reads when it starts: between the runtime and its payload. Large ones cost
 * neither time nor memory there until they are copied out.
 *
 * @module
 */

import { openPrivateFolder } from "./private_folder.ts";

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
  using source = await Deno.open(Deno.execPath());
  using target = await Deno.open(path, { write: true, createNew: true });
  await source.seek(attachment.offset, Deno.SeekMode.Start);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let left = attachment.bytes; left > 0;) {
    const room = buffer.subarray(0, Math.min(left, buffer.length));
    const read = await source.read(room);
    if (read === null) break;
    hash.update(room.subarray(0, read));
    await writeAll(target, room.subarray(0, read));
    left -= read;
  }
  if (hash.digest("hex") === attachment.sha256) return;
  throw new Deno.errors.InvalidData(
    `Cannot use "${attachment.name}" from "${Deno.execPath()}": the executable is damaged`,
  );
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
