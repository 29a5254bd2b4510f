import { basename, dirname, join, resolve } from "node:path";
import type { ModelArchive } from "../../archive/mod.ts";

/** What there may be besides graphs and code. */
const FILES: readonly string[] = [
  "MAR-INF/MANIFEST.json",
  "MANIFEST.json",
  "signature.json",
  "synset.txt",
];

/**
 * Says what the files of a model are like at the moment: where they are, how
 * long, and when they were written. Another text means another model. Of a
 * folder that was named as a whole every file counts; of one that others may
 * share, what the model is known to consist of.
 */
export async function archiveState(
  archive: ModelArchive,
  url: string,
): Promise<string> {
  const { folder } = archive;
  const isOwn = basename(resolve(url)) === basename(folder);
  const own = isOwn ? await filesWithin(folder, FOLDERS) : [];
  const known = [...FILES, ...codeFiles(archive)].map((it) => join(folder, it));
  const graph = await graphFiles(archive);
  const paths = [...new Set([...known, ...graph, ...own])].sort();
  return [folder, ...await Promise.all(paths.map(fileState))].join("\n");
}

/** Weights may lie beside a graph under a name that begins as its own. */
async function graphFiles({ graph }: ModelArchive): Promise<readonly string[]> {
  if (graph === undefined) return [];
  if (graph.format !== "onnx") return [graph.symbol, graph.params];
  const stem = basename(graph.path, ".onnx");
  const beside = await filesWithin(dirname(graph.path), 0);
  const own = beside.filter((path) => basename(path).startsWith(stem));
  return [graph.path, ...own];
}

/** A handler is `file.ts`, `file.py:function` or `module:function`. */
function codeFiles({ manifest }: ModelArchive): readonly string[] {
  const [module] = manifest.handler?.split(":") ?? [];
  return module === undefined ? [] : [module, `${module}.py`];
}

/** Folders within folders that are looked into. */
const FOLDERS = 8;
/** Files that are looked at, as many as an archive may have by default. */
const MAX_FILES = 10_000;
/** What Python writes while it runs, and what is hidden. */
const LEFT_OUT = /^(\..*|__pycache__|.*\.pyc)$/;

async function filesWithin(
  folder: string,
  depth: number,
): Promise<readonly string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (LEFT_OUT.test(name)) continue;
      const path = join(folder, name);
      if (!isDirectory) files.push(path);
      else if (depth > 0) files.push(...await filesWithin(path, depth - 1));
      if (files.length >= MAX_FILES) break;
    }
  } catch {
    // It is not there, or not to be read: the files that are known tell that.
  }
  return files;
}

async function fileState(path: string): Promise<string> {
  try {
    const { size, mtime, ino } = await Deno.stat(path);
    return `${path} ${size} ${mtime?.getTime()} ${ino}`;
  } catch {
    return path; // It is not there, or not to be read: that is a state, too.
  }
}
