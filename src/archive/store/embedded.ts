import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { findAttachment, placeAttachment } from "../../attachment.ts";

/** One model that comes with the program. */
export interface EmbeddedModel {
  /** What to ask for it by. */
  readonly name: string;
  /** In a compiled program this is a path that only Deno itself can read. */
  readonly path: string;
  /** An archive file, or a folder with the model's files. */
  readonly kind: "archive" | "folder";
}

const FIXTURES = join(import.meta.dirname!, "..", "..", "..", "fixtures");

const DIGITS: EmbeddedModel = {
  name: "digits",
  path: join(FIXTURES, "digits", "onnx"),
  kind: "folder",
};

/** `deno task compile --embed FILE` puts the file there. */
const ARCHIVE: EmbeddedModel = {
  name: "embedded",
  path: join(FIXTURES, "embedded.mar"),
  kind: "archive",
};

/** Returns the model that came with the program under that name, if one did. */
export async function findEmbedded(
  name: string,
): Promise<EmbeddedModel | undefined> {
  if (name === DIGITS.name) return DIGITS;
  return name === ARCHIVE.name ? await embeddedArchive() : undefined;
}

/** Returns the files of the model `digits`, by name. */
export async function embeddedDigits(): Promise<
  Readonly<Record<string, Uint8Array>>
> {
  const files: [string, Uint8Array][] = [];
  for (const name of await fileNames(DIGITS.path)) {
    files.push([name, await Deno.readFile(join(DIGITS.path, name))]);
  }
  return Object.fromEntries(files);
}

/** Returns the archive that was embedded at compile time, if one was. */
export async function embeddedArchive(
  archive: EmbeddedModel = ARCHIVE,
): Promise<EmbeddedModel | undefined> {
  const attachment = await findAttachment(basename(archive.path));
  if (attachment !== undefined) {
    return { ...archive, path: await placeAttachment(attachment) };
  }
  try {
    return (await Deno.stat(archive.path)).isFile ? archive : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Returns the SHA-256 of a folder's files, names included. */
export async function sha256OfFolder(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of await fileNames(folder)) {
    const bytes = await Deno.readFile(join(folder, name));
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** Copies a folder's files to where the operating system can see them. */
export async function copyFolder(from: string, to: string): Promise<void> {
  for (const name of await fileNames(from)) {
    await Deno.writeFile(join(to, name), await Deno.readFile(join(from, name)));
  }
}

async function fileNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) names.push(name);
  }
  return names.toSorted();
}
