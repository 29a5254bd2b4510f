import { createHash, type Hash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import {
  Cache,
  type CacheEntry,
  type GraphFiles,
  type Signature,
} from "../archive/mod.ts";
import {
  type CheckpointFiles,
  convertCheckpointFiles,
  weightsFile,
} from "../engine/mod.ts";
import { logger } from "../log.ts";
import { VERSION } from "../version.ts";
import { checkpointInputs } from "./checkpoint_signature.ts";
import type { GraphFile } from "./graph_file.ts";

const GRAPH_FILE = "model.onnx";
/** What the weights' file was like when it was linked. */
const STAMP_FILE = "weights.json";
const CHUNK_BYTES = 1 << 18;

/**
 * Returns the graph that a checkpoint is converted to, from the cache if it
 * has been converted before.
 *
 * @throws {MmsError} `invalid_model` if the checkpoint cannot be converted
 */
export async function openConvertedGraph(
  files: Extract<GraphFiles, { format: "mxnet" }>,
  signature: Signature | undefined,
  cacheFolder: string | undefined,
): Promise<GraphFile> {
  const cache = new Cache({ folder: cacheFolder });
  const where = { cache, cacheFolder };
  const inputs = signature && checkpointInputs(signature);
  const options = {
    make: (folder: string) => convertInto(folder, files, inputs),
  };
  const key = await keyOf(files, inputs);
  const entry = await cache.entry("graphs", key, options);
  if (await isAsMade(entry.folder)) return inCache(entry, where);
  // Whoever writes into a linked checkpoint writes into the cache as well.
  await entry[Symbol.asyncDispose]();
  const other = sha256([key, await stampOf(files.params)]).digest("hex");
  return inCache(await cache.entry("graphs", other, options), where);
}

function inCache(
  entry: CacheEntry,
  { cache, cacheFolder }: {
    readonly cache: Cache;
    readonly cacheFolder: string | undefined;
  },
): GraphFile {
  const held = new AsyncDisposableStack();
  held.use(cache);
  held.use(entry);
  const isTemporary = cacheFolder === undefined ||
    !resolve(entry.folder).startsWith(resolve(cacheFolder));
  // A worker can write nothing later on. What is mapped stays without a name,
  // except on Windows, where it cannot be removed.
  const canLetGo = isTemporary && Deno.build.os !== "windows";
  return {
    path: resolve(entry.folder, GRAPH_FILE),
    loaded: () => canLetGo ? held.disposeAsync() : Promise.resolve(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

type Inputs = ReturnType<typeof checkpointInputs> | undefined;

/** The conversion depends on this much, and on nothing else. */
async function keyOf(files: CheckpointFiles, inputs: Inputs): Promise<string> {
  const hash = sha256([VERSION, inputs]);
  for (const path of [files.symbol, files.params]) {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    hash.update(`\n${size}\n`);
    await addContent(hash, file);
  }
  return hash.digest("hex");
}

/** Reads on while it reckons, which halves the time. */
async function addContent(hash: Hash, file: Deno.FsFile): Promise<void> {
  let filling = new Uint8Array(CHUNK_BYTES);
  let free = new Uint8Array(CHUNK_BYTES);
  let reading = file.read(filling);
  for (let count; (count = await reading) !== null;) {
    const full = filling.subarray(0, count);
    [filling, free] = [free, filling];
    reading = file.read(filling);
    hash.update(full);
  }
}

async function convertInto(
  folder: string,
  files: CheckpointFiles,
  inputs: Inputs,
): Promise<void> {
  const converted = await convertCheckpointFiles(files, {
    ...inputs && { inputs },
    graph: join(folder, GRAPH_FILE),
    weights: "external",
  });
  if (converted.external) {
    const name = weightsFile(files);
    await linkOrCopy(files.params, join(folder, name));
    const stamp = await stampOf(join(folder, name));
    await Deno.writeTextFile(
      join(folder, STAMP_FILE),
      JSON.stringify({ name, stamp }),
    );
  }
  const name = basename(files.symbol);
  for (const warning of converted.warnings) {
    logger("service").warn(`"${name}": ${warning}`);
  }
  if (converted.batch !== "free") {
    const { fixed, reason } = converted.batch;
    logger("service").warn(`"${name}" runs ${fixed} at a time: ${reason}`);
  }
}

/** Another file system, or one without links, gets a copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await Deno.link(from, to);
  } catch {
    await Deno.copyFile(from, to);
  }
}

/** Whether the weights of an entry, if it has any, are those it was made with. */
async function isAsMade(folder: string): Promise<boolean> {
  try {
    const text = await Deno.readTextFile(join(folder, STAMP_FILE));
    const { name, stamp } = JSON.parse(text);
    return stamp === await stampOf(join(folder, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/** Every writing into a file changes this. */
async function stampOf(path: string): Promise<string> {
  const { size, mtime } = await Deno.stat(path);
  return JSON.stringify({ size, mtime });
}

function sha256(value: unknown): Hash {
  return createHash("sha256").update(JSON.stringify(value));
}
