/**
 * The tree that a binary is compiled from: the program, its data and those
 * parts of its packages that it needs, and nothing else.
 *
 * @module
 */

import { stripTypes } from "./javascript.ts";
import { filesIn, prunePackages } from "./packages.ts";
import { run } from "./process.ts";
import { attachesLibrary, type Target } from "./targets.ts";
import type { Toolchain } from "./toolchain.ts";

/** What the program consists of, relative to the root. */
const PROGRAM = ["main.ts", "deno.json", "deno.lock", "src"];

/** Data that no import names. */
const DATA = ["fixtures/digits/onnx"];

/** Where the program looks for an archive that was embedded. */
const EMBEDDED_ARCHIVE = "fixtures/embedded.mar";

/** Where ONNX Runtime's package keeps the library that is attached instead. */
const LIBRARY_FOLDER = "node_modules/onnxruntime-node/bin/napi-v6";

/** The library's name on systems where it is attached. */
const LIBRARY = "libonnxruntime.so.1";

/** A tree, and what of it belongs outside of the payload. */
export interface Stage {
  readonly tree: string;
  /** Files of the tree that no import names. */
  readonly included: readonly string[];
  /** Files outside of the tree that are attached to the runtime. */
  readonly attached: readonly string[];
}

/** Lays the tree out in `folder`, which is empty. */
export async function layOut(
  folder: string,
  source: { readonly root: string; readonly embed: string | undefined },
  { toolchain, target }: {
    readonly toolchain: Toolchain;
    readonly target: Target;
  },
): Promise<Stage> {
  const tree = `${folder}/tree`;
  for (const path of [...PROGRAM, ...DATA]) {
    await copy(`${source.root}/${path}`, `${tree}/${path}`);
  }
  const included = [...DATA];
  if (source.embed !== undefined) {
    await copy(source.embed, `${tree}/${EMBEDDED_ARCHIVE}`);
    included.push(EMBEDDED_ARCHIVE);
  }
  await run(toolchain.deno, ["install", "--quiet", "--frozen"], tree);
  const attached = attachesLibrary(target)
    ? [await setLibraryAside(tree, folder, target)]
    : [];
  await prunePackages(tree, toolchain.deno, target);
  await stripTypes(tree);
  return { tree, included, attached };
}

async function setLibraryAside(
  tree: string,
  folder: string,
  { os, arch }: Target,
): Promise<string> {
  const library = `${folder}/${LIBRARY}`;
  await Deno.rename(
    `${tree}/${LIBRARY_FOLDER}/${os}/${arch}/${LIBRARY}`,
    library,
  );
  return library;
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await copyFile(from, to);
  for await (const file of filesIn(from)) {
    await copyFile(`${from}/${file}`, `${to}/${file}`);
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
  await Deno.copyFile(from, to);
}
