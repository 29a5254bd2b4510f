/**
 * What of the npm packages goes into a binary. Every process reads the whole
 * payload when it starts, at about 1 ms and 1 MB of memory for each MB of it,
 * so what cannot be reached at run time stays out.
 *
 * @module
 */

import { run } from "./process.ts";
import type { Target } from "./targets.ts";

/** The name of the package that a path leads into, and the path inside. */
export const IN_PACKAGE = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\/(.+)$/;

const LICENCE = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i;
const CODE_AND_DATA = /\.(js|mjs|json|wasm|node|dll|dylib|so\.1)$/;

/** The files that matter of packages of which the program uses a small part. */
const USED: Readonly<Record<string, RegExp>> = {
  "@cf-wasm/photon": /\.wasm$/,
  "@jsquash/webp": /^codec\/dec\/webp_dec\.(js|wasm)$/,
  "imagescript": /^wasm\/(node|any)\/(gif|png)\./,
};

/** Parts of the other packages that no import of ours leads to. */
const UNREACHED: Readonly<Record<string, RegExp>> = {
  // The same library once more, in one file each, and its own development.
  "@zip.js/zip.js": /^dist\/|^index\b.+\.js$|^eslint|^sync|^worker-|^deno\./,
  // Builds for other module systems, and interfaces of other versions.
  "hono": /^dist\/(cjs|types)\//,
  "onnxruntime-common": /^dist\/esm\//,
  "acorn": /^dist\/(bin\.js|acorn\.js)$|^bin\//,
  "sucrase":
    /^dist\/(esm|types|register|cli|.+-plugin)\b|^(bin|register|ts-node-plugin)\//,
  // Its installer fetches libraries for graphics cards.
  "onnxruntime-node": /^script\//,
};

/** Packages that only the installer of onnxruntime-node uses. */
const INSTALLER_PACKAGES = ["adm-zip", "global-agent"];

const NATIVE = /\.(node|dll|dylib|so\.1)$/;
/** Libraries for graphics cards, and a second copy under a longer name. */
const UNUSED_NATIVE = /\/(DirectML|dxcompiler|dxil)\.dll$|\.\d+\.\d+\.dylib$/;

/** The part of `deno info --json` that is used here. */
interface Graph {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, GraphPackage>>;
}

/** One package of the graph, by its id. */
interface GraphPackage {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/** Removes from the packages of a tree all files that its program can do without. */
export async function prunePackages(
  tree: string,
  deno: string,
  target: Target,
): Promise<void> {
  const graph: Graph = JSON.parse(
    await run(deno, ["info", "--json", "main.ts"], tree),
  );
  const reached = packagesReached(graph);
  for await (const path of filesIn(`${tree}/node_modules`)) {
    const [, name, file] = IN_PACKAGE.exec(path) ?? [];
    if (name === undefined || file === undefined) continue;
    const kept = file === "package.json" || // marks it as installed
      (reached.has(name) && isNeeded(name, file, target));
    if (!kept) await Deno.remove(`${tree}/node_modules/${path}`);
  }
}

/** Names of the packages that the program imports, directly or not. */
function packagesReached({ modules, npmPackages }: Graph): ReadonlySet<string> {
  const names = new Set<string>();
  const reach = (id: string) => {
    const { name, dependencies } = npmPackages[id]!;
    if (INSTALLER_PACKAGES.includes(name) || names.has(name)) return;
    names.add(name);
    dependencies.forEach(reach);
  };
  modules.forEach(({ npmPackage }) => npmPackage && reach(npmPackage));
  return names;
}

function isNeeded(name: string, file: string, target: Target): boolean {
  if (LICENCE.test(file)) return true;
  if (USED[name]?.test(file) === false) return false;
  if (UNREACHED[name]?.test(file)) return false;
  return CODE_AND_DATA.test(file) &&
    (!NATIVE.test(file) || isLoaded(file, target));
}

/** Packages name the folder of a system `os/arch`, or a file `arch-os`. */
function isLoaded(file: string, { os, arch }: Target): boolean {
  const isOurs = file.includes(`/${os}/${arch}/`) ||
    file.includes(`/${arch}-${os}.`);
  return isOurs && !UNUSED_NATIVE.test(file);
}

/** Yields every file below `folder`, relative to it, with `/` between. */
export async function* filesIn(
  folder: string,
  inside = "",
): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${folder}/${inside}`)) {
    const path = `${inside}${entry.name}`;
    if (entry.isDirectory) yield* filesIn(folder, `${path}/`);
    if (entry.isFile) yield path;
  }
}
