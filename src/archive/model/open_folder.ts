import { basename, dirname, join, resolve } from "node:path";
import { messageOf, MmsError, systemError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { findCheckpoint } from "./checkpoint_files.ts";
import { findGraph } from "./graph_files.ts";
import { readLabels } from "./labels.ts";
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "../limits.ts";
import { locateManifest, readManifest } from "./locate_manifest.ts";
import { DEFAULT_MANIFEST, type Manifest } from "./manifest.ts";
import type { GraphFiles, ModelArchive } from "./model_archive.ts";
import { findTwin } from "./built_in_twin.ts";
import { readSignature } from "./signature_file.ts";

/** How a folder or file is opened. */
export interface OpenOptions {
  /**
   * What to call a model whose manifest has no name; the name of the folder or
   * file where left out.
   */
  readonly name?: string;
  /** Takes the place of whatever manifest the folder has. */
  readonly manifest?: Manifest;
  /** Of these, `metadataBytes` and `jsonDepth` count here. */
  readonly limits?: ArchiveLimits;
}

/**
 * Opens the model in a folder: of format 1.0, of the legacy format (also one
 * folder down), or without any manifest.
 *
 * @throws {MmsError} `model_not_found` if there is no such folder;
 * `invalid_archive` if a manifest, signature or graph breaks its rules;
 * `io_failed` if the disk refuses
 */
export async function openFolder(
  folder: string,
  options: OpenOptions = {},
): Promise<ModelArchive> {
  return await reading(folder, () => readFolder(folder, options));
}

/**
 * Opens a bare `.onnx` file; a signature and labels beside it are its own.
 *
 * @throws {MmsError} `model_not_found` if there is no such file;
 * `invalid_archive` if the signature breaks its rules; `io_failed` if the disk
 * refuses
 */
export async function openOnnxFile(
  path: string,
  options: OpenOptions = {},
): Promise<ModelArchive> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isFile) notFound(path, "file");
  const absolute = resolve(path);
  const name = options.name ?? basename(absolute, ".onnx");
  return await reading(
    path,
    () => openGraph({ format: "onnx", path: absolute }, { ...options, name }),
  );
}

/**
 * Opens the checkpoint `PREFIX-symbol.json`, or `PREFIX-KEY-symbol.json`, with
 * its parameters; a signature and labels beside it are its own.
 *
 * @throws {MmsError} `model_not_found` if there is no such checkpoint;
 * `invalid_archive` if its parameters are missing or the signature breaks its
 * rules; `io_failed` if the disk refuses
 */
export async function openCheckpoint(
  prefix: string,
  options: OpenOptions = {},
): Promise<ModelArchive> {
  const absolute = resolve(prefix);
  const name = basename(absolute);
  const folder = await requireFolder(dirname(absolute));
  return await reading(prefix, async () => {
    const graph = await findCheckpoint(folder, name);
    return await openGraph(graph, { name, ...options });
  });
}

async function readFolder(
  folder: string,
  options: OpenOptions,
): Promise<ModelArchive> {
  const limits = options.limits ?? DEFAULT_ARCHIVE_LIMITS;
  const { root, manifest } = await readStated(folder, { ...options, limits });
  const unlessCustom = await lenience(root, manifest);
  return {
    name: manifest.modelName ?? options.name ?? basename(resolve(folder)),
    folder: root,
    manifest,
    signature: await unlessCustom(() =>
      readSignature(root, { file: manifest.files.signature, limits })
    ),
    labels: await readLabelsOf(root),
    graph: await unlessCustom(() => findGraph(root, manifest)),
  };
}

async function openGraph(
  graph: GraphFiles,
  options: OpenOptions & { readonly name: string },
): Promise<ModelArchive> {
  const limits = options.limits ?? DEFAULT_ARCHIVE_LIMITS;
  const folder = dirname(graph.format === "onnx" ? graph.path : graph.symbol);
  return {
    name: options.name,
    folder,
    manifest: DEFAULT_MANIFEST,
    signature: await readSignature(folder, { limits }),
    labels: await readLabelsOf(folder),
    graph,
  };
}

/** The folder of the model's files, and what its manifest says. */
async function readStated(
  folder: string,
  options: OpenOptions & { readonly limits: ArchiveLimits },
): Promise<{ readonly root: string; readonly manifest: Manifest }> {
  const absolute = await requireFolder(folder);
  if (options.manifest !== undefined) {
    return { root: absolute, manifest: options.manifest };
  }
  const located = await locateManifest(absolute);
  const manifest = await readManifest(located, options.limits);
  return { root: located.folder, manifest };
}

async function requireFolder(folder: string): Promise<string> {
  const info = await Deno.stat(folder).catch(() => undefined);
  return info?.isDirectory ? resolve(folder) : notFound(folder, "folder");
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw systemError(`Cannot open "${path}"`, error);
  }
}

type Read = <T>(read: () => Promise<T | undefined>) => Promise<T | undefined>;

/** Code of the user's own may keep its files as it pleases. */
async function lenience(
  folder: string,
  { handler }: Manifest,
): Promise<Read> {
  const isCustom = handler !== undefined && !handler.startsWith("mms:") &&
    (await findTwin(folder, handler)).service === undefined;
  if (!isCustom) return (read) => read();
  return async (read) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof MmsError)) throw error;
      logger("archive").info(`Left to "${handler}": ${messageOf(error)}`);
      return undefined;
    }
  };
}

/** Old archives keep their labels among the assets. */
async function readLabelsOf(folder: string): Promise<readonly string[]> {
  for (const path of ["synset.txt", "assets/synset.txt"]) {
    const labels = join(folder, path);
    if (await isFile(labels)) return await readLabels(labels);
  }
  return [];
}

async function isFile(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.isFile ?? false;
}

function notFound(path: string, kind: string): never {
  throw new MmsError(
    "model_not_found",
    `Cannot open "${path}": there is no such ${kind}`,
  );
}
