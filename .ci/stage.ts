/**
 * The tree that a binary is compiled from: the program, its data and those
 * parts of its packages that it needs, and nothing else.
 *
 * @module
 */

import { stripTypes } from "./javascript.ts";
import { filesIn, prunePackages } from "./packages.ts";
import { run } from "./process.ts";
import { attachesFiles, type Target } from "./targets.ts";
import type { Toolchain } from "./toolchain.ts";

/** What the program consists of, relative to the root. */
const PROGRAM = ["main.ts", "deno.json", "deno.lock", "src"];

/** Data that no import names. */
const DATA = ["fixtures/digits/onnx"];

/** Modules that no import names: entries of threads. */
const ENTRIES = ["src/service/custom/inside/main.ts"];

/** Where the program looks for an archive that was embedded. */
const EMBEDDED_ARCHIVE = "fixtures/embedded.mar";

/**
 * Large files that are not read when the program starts: ONNX Runtime's library
 * and the image codecs, each of which `src` looks for by its own name.
 */
const ATTACHED =
  /\/libonnxruntime\.so\.1$|\/node_modules\/@(cf-wasm|jsquash)\/.*\.wasm$/;

/** Where the program looks for what is attached to its runtime. */
export const ATTACHMENT_LIST = "src/attachments.json";

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
  if (source.embed !== undefined) {
    await copy(source.embed, `${tree}/${EMBEDDED_ARCHIVE}`);
  }
  await run(toolchain.deno, ["install", "--quiet", "--frozen"], tree);
  await prunePackages(tree, toolchain.deno, target);
  await stripTypes(tree);
  if (!attachesFiles(target)) {
    const embedded = source.embed === undefined ? [] : [EMBEDDED_ARCHIVE];
    return { tree, included: [...ENTRIES, ...DATA, ...embedded], attached: [] };
  }
  const attached = await setAside(tree, `${folder}/attached`);
  return { tree, included: [...ENTRIES, ...DATA, ATTACHMENT_LIST], attached };
}

/**
 * Moves what is attached out of the tree, and returns where it is. Empty files
 * stay behind, for what names a file of a package must lead to one.
 */
async function setAside(tree: string, folder: string): Promise<string[]> {
  await Deno.mkdir(folder);
  const moved: string[] = [];
  for await (const file of filesIn(tree)) {
    if (file !== EMBEDDED_ARCHIVE && !ATTACHED.test(file)) continue;
    const place = `${folder}/${file.slice(file.lastIndexOf("/") + 1)}`;
    if (moved.includes(place)) throw new Error(`Two files go to ${place}`);
    await Deno.rename(`${tree}/${file}`, place);
    await Deno.writeFile(`${tree}/${file}`, new Uint8Array());
    moved.push(place);
  }
  return moved;
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
