import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Cache, type CacheEntry } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import { relink } from "./module_file.ts";
import { type ModuleGraph, OWN_MODULE, type Target } from "./module_graph.ts";

/** The module that services import as `mms`; its names are in `inside/api.ts`. */
const OWN_FILE = "mms.js";

/** Copies of a service's modules, which lead to each other and nowhere else. */
export interface StagedModules extends AsyncDisposable {
  /** Where they lie, absolute. */
  readonly folder: string;
  /** The url of the module that imports name `mms`. */
  readonly own: string;
  /** The url of the entry. */
  readonly entry: string;
}

/** Where modules are staged. */
export interface StageOptions {
  /** Left out, or not writable: in a temporary folder of this process. */
  readonly cacheFolder: string | undefined;
  /** What `mms` exports. */
  readonly exported: readonly string[];
}

/**
 * Writes the modules of a service into the cache, with no import that was not
 * checked: each leads to another copy, to `mms` or to a module of Node.
 *
 * @throws {MmsError} `io_failed` if the disk refuses
 */
export async function stageModules(
  graph: ModuleGraph,
  { cacheFolder, exported }: StageOptions,
): Promise<StagedModules> {
  const texts = stagedTexts(graph, exported);
  const key = createHash("sha256").update(JSON.stringify([VERSION, texts]))
    .digest("hex");
  await using stack = new AsyncDisposableStack();
  const cache = stack.use(new Cache({ folder: cacheFolder }));
  const entry: CacheEntry = stack.use(
    await cache.entry("services", key, {
      make: (folder) => writeAll(folder, texts),
    }),
  );
  const folder = await Deno.realPath(entry.folder);
  const url = (file: string) => pathToFileURL(join(folder, file)).href;
  const held = stack.move();
  return {
    folder,
    own: url(OWN_FILE),
    entry: url("0.js"),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The text of every file, by its name: modules have their number. */
function stagedTexts(
  { files, links }: ModuleGraph,
  exported: readonly string[],
): Readonly<Record<string, string>> {
  const numbers = new Map<Target, number>(files.map((file, i) => [file, i]));
  const texts = files.map((file, i) => {
    const targets = links.get(file);
    const text = relink(file.code, {
      replace: (specifier) => placeOf(targets?.get(specifier), numbers),
      meta: metaOf(file.path),
    });
    return [`${i}.js`, text];
  });
  return Object.fromEntries([...texts, [OWN_FILE, ownText(exported)]]);
}

function placeOf(
  target: Target | undefined,
  numbers: ReadonlyMap<Target, number>,
): string {
  if (target === OWN_MODULE) return `./${OWN_FILE}`;
  if (typeof target === "string") return target;
  const number = target && numbers.get(target);
  if (number !== undefined) return `./${number}.js`;
  throw new MmsError("invalid_model", "Cannot link a module: it was not read");
}

/** Its place is where the source lies, though it cannot be reached from there. */
function metaOf(path: string): string {
  return JSON.stringify({ url: pathToFileURL(path).href, main: false });
}

/** The sandbox puts there, for a moment, what it exports. */
function ownText(exported: readonly string[]): string {
  return `export const { ${exported.join(", ")} } = globalThis.mms;\n`;
}

async function writeAll(
  folder: string,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await Deno.writeTextFile(join(folder, name), text);
  }
}
