import { join } from "node:path";
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
 * long, and when they were written. Another text means another model.
 */
export async function archiveState(archive: ModelArchive): Promise<string> {
  const { folder } = archive;
  const paths = [...FILES, ...codeFiles(archive)].map((name) =>
    join(folder, name)
  );
  const states = [...paths, ...graphFiles(archive)].map(fileState);
  return [folder, ...await Promise.all(states)].join("\n");
}

function graphFiles({ graph }: ModelArchive): readonly string[] {
  if (graph === undefined) return [];
  return graph.format === "onnx" ? [graph.path] : [graph.symbol, graph.params];
}

/** A handler is `file.ts`, `file.py:function` or `module:function`. */
function codeFiles({ manifest }: ModelArchive): readonly string[] {
  const [module] = manifest.handler?.split(":") ?? [];
  return module === undefined ? [] : [module, `${module}.py`];
}

async function fileState(path: string): Promise<string> {
  try {
    const { size, mtime, ino } = await Deno.stat(path);
    return `${path} ${size} ${mtime?.getTime()} ${ino}`;
  } catch {
    return path; // It is not there, or not to be read: that is a state, too.
  }
}
