import { basename, dirname, join } from "node:path";
import { MmsError } from "../../errors.ts";
import { fileNames, hasSymbol } from "../model/checkpoint_files.ts";
import {
  embeddedArchive,
  type EmbeddedModel,
  findEmbedded,
} from "./embedded.ts";
import { parseReference } from "./model_store_reference.ts";
import { DEFAULT_ZOO_MODEL, findZooModel, type ZooModel } from "./zoo.ts";

/**
 * On whose word a model is opened: of whoever types a command, of whoever
 * configures the server, or of a request to it. A request can reach neither
 * paths outside of the store nor urls that `allowed_urls` leaves out; and to
 * the latter two, failures are told in the original server's words.
 */
export type OpenedFor = "command" | "startup" | "request";

/** The kinds of places that models are found at. */
export type ModelSource = "url" | "embedded" | "store" | "path" | "zoo";

/** Where a model is. */
export type Location =
  | { readonly kind: "url"; readonly url: URL }
  | { readonly kind: "embedded"; readonly model: EmbeddedModel }
  /** `path` is there, or is the prefix of a checkpoint that is. */
  | { readonly kind: "store" | "path"; readonly path: string }
  | { readonly kind: "zoo"; readonly model: ZooModel };

/** Where models are looked for. */
export interface LocateOptions {
  readonly storeFolder: string | undefined;
  readonly openedFor: OpenedFor;
}

/**
 * Finds out where a model is: at a url, among those that come with the program,
 * in the store, at a path, in the zoo, in this order.
 *
 * @throws {MmsError} `model_not_found` if it is nowhere
 */
export async function locate(
  text: string,
  options: LocateOptions,
): Promise<Location> {
  const { storeFolder, openedFor } = options;
  if (openedFor === "request") return await locateForRequest(text, storeFolder);
  const reference = parseReference(text);
  if (reference.kind === "url") return reference;
  if (reference.kind === "path") {
    if (await isModel(reference.path)) return reference;
  } else {
    const found = await locateName(reference.name, storeFolder);
    if (found !== undefined) return found;
  }
  throw openedFor === "startup"
    ? notInStore(text, storeFolder)
    : notFound(text, reference.kind);
}

/** Finds out where the model is that is meant where none is named. */
export async function locateDefault(): Promise<Location> {
  const embedded = await embeddedArchive();
  return embedded !== undefined
    ? { kind: "embedded", model: embedded }
    : { kind: "zoo", model: findZooModel(DEFAULT_ZOO_MODEL)! }; // a test holds the name
}

async function locateForRequest(
  text: string,
  storeFolder: string | undefined,
): Promise<Location> {
  // What a request calls absolute is so within the store.
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  const reference = isUrl ? parseReference(text) : undefined;
  if (reference?.kind === "url") return reference;
  if (isRelative(text)) throw notInStore(text, storeFolder);
  const model = await findEmbedded(text);
  if (model !== undefined) return { kind: "embedded", model };
  const inStore = await locateInStore(text, storeFolder);
  if (inStore !== undefined) return inStore;
  const zooModel = findZooModel(text);
  if (zooModel !== undefined) return { kind: "zoo", model: zooModel };
  throw notInStore(text, storeFolder);
}

async function locateName(
  name: string,
  storeFolder: string | undefined,
): Promise<Location | undefined> {
  const model = await findEmbedded(name);
  if (model !== undefined) return { kind: "embedded", model };
  const inStore = await locateInStore(name, storeFolder);
  if (inStore !== undefined) return inStore;
  if (name !== "" && await isModel(name)) return { kind: "path", path: name };
  const zooModel = findZooModel(name);
  return zooModel && { kind: "zoo", model: zooModel };
}

async function locateInStore(
  name: string,
  storeFolder: string | undefined,
): Promise<Location | undefined> {
  const isStoreItself = /^[./\\]*$/.test(name);
  if (storeFolder === undefined || isStoreItself || isRelative(name)) {
    return undefined;
  }
  const path = join(storeFolder, name);
  return await isModel(path) ? { kind: "store", path } : undefined;
}

/** Whether something is there, or a checkpoint of which this is the prefix. */
async function isModel(path: string): Promise<boolean> {
  if (await exists(path) || await exists(`${path}-symbol.json`)) return true;
  const folder = dirname(path);
  if (!await isFolder(folder)) return false;
  const names = await fileNames(folder).catch(() => []);
  return hasSymbol(basename(path), names);
}

async function isFolder(path: string): Promise<boolean> {
  if (path.includes("\0")) return false;
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.isDirectory ?? false;
}

async function exists(path: string): Promise<boolean> {
  if (path.includes("\0")) return false;
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.FilesystemLoop;
    if (isAbsent) return false;
    throw new MmsError("io_failed", `Cannot open "${path}": ${error}`, {
      cause: error,
    });
  }
}

function isRelative(text: string): boolean {
  return text.includes("..");
}

function notFound(text: string, kind: "path" | "name"): MmsError {
  const reason = kind === "path"
    ? "there is no such file or folder"
    : "no file, folder or model of the zoo is called that";
  return new MmsError(
    "model_not_found",
    `Cannot find model "${text}": ${reason}`,
  );
}

/** The original's words. */
function notInStore(text: string, storeFolder: string | undefined): MmsError {
  const message = isRelative(text)
    ? `Relative path is not allowed in url: ${text}`
    : storeFolder === undefined
    ? "Model store has not been configured."
    : `Model not found in model store: ${text}`;
  return new MmsError("model_not_found", message);
}
