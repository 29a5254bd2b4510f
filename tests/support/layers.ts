/**
 * The rules of the layers, checked over the module graph that Deno reports.
 *
 * @module
 */

import { pathToFileURL } from "node:url";

/** What `deno info --json` tells of one module, as far as it is needed here. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly Dependency[];
}

interface Dependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

/** One import: the importing file, what it wrote, and the file that it got. */
export interface Import {
  /** Relative to the root of the tree, such as `src/cli/run.ts`. */
  readonly from: string;
  /** As written in the source. */
  readonly specifier: string;
  /** Relative to the root; `undefined` for libraries and Node's own modules. */
  readonly to: string | undefined;
}

/** What each layer may import: everything that stands to its right. */
const RIGHT_OF = {
  main: ["cli"],
  cli: [
    "config",
    "export",
    "server",
    "workload",
    "service",
    "engine",
    "archive",
    "mxnet",
    "tensor",
  ],
  config: [],
  export: ["service", "engine", "archive", "mxnet", "tensor"],
  server: ["workload", "service", "engine", "archive", "mxnet", "tensor"],
  workload: ["service", "engine", "archive", "mxnet", "tensor"],
  service: ["engine", "archive", "mxnet", "tensor"],
  engine: ["mxnet", "tensor"],
  archive: ["tensor"],
  mxnet: ["tensor"],
  tensor: [],
} satisfies Record<string, readonly string[]>;

/** Leaves that have grown into folders; every layer may import them. */
const LEAVES = ["log", "metrics"] as const;

type Folder = keyof typeof RIGHT_OF | typeof LEAVES[number];

/** Where a process of its own begins, which loads no more than it needs. */
const ENTRIES: readonly string[] = ["src/workload/worker/worker_main.ts"];

/** The layers in which only arithmetic happens. */
const PURE: readonly string[] = ["mxnet", "tensor"];
/** `import(import.meta.resolve("./x.ts")) as typeof import("./x.ts")`. */
const LATE_IMPORT =
  /import\(\s*import\.meta\.resolve\("([^"]+)"\),?\s*\)(?:\s*as\s+(?:Promise<\s*)?typeof\s+import\(\s*"([^"]+)"\s*\))?/g;
const IMPURE = /\bDeno\.|\bfetch\(|\bWebSocket\b/;

/**
 * Returns every import of the modules that are reachable from `entries`, files
 * of the tree at `root`, each once.
 */
export async function importsOf(
  root: string,
  entries: readonly string[],
): Promise<readonly Import[]> {
  const base = `${pathToFileURL(await Deno.realPath(root))}/`;
  const found = new Map<string, Import>();
  for (const entry of entries) {
    for (const one of importsIn(await modulesOf(root, entry), base)) {
      found.set(`${one.from} ${one.specifier}`, one);
    }
  }
  return [...found.values()];
}

/** Returns one sentence for every import that breaks the rules. */
export function importViolations(imports: readonly Import[]): string[] {
  return [
    ...imports.flatMap(layerViolation),
    ...sharedLibraries(imports),
  ];
}

/**
 * Returns one sentence for every import in `source` whose module and whose type
 * are of different files. A module that is named to the runtime only when it is
 * reached has no type by itself.
 */
export function lateImportViolations(file: string, source: string): string[] {
  return [...source.matchAll(LATE_IMPORT)]
    .filter(([, module, type]) => module !== type)
    .map(([, module, type]) =>
      `${file} imports ${module} as ${type ?? "anything"}`
    );
}

/** Returns one sentence for every pure file that reaches outside by itself. */
export async function purityViolations(
  root: string,
  imports: readonly Import[],
): Promise<string[]> {
  const files = new Set(imports.flatMap(({ from, to }) => [from, to ?? from]));
  const violations = [];
  for (const file of [...files].filter((file) => isPure(file))) {
    const reach = IMPURE.exec(await Deno.readTextFile(`${root}/${file}`));
    if (reach !== null) violations.push(`${file} uses ${reach[0]}`);
  }
  return violations;
}

async function modulesOf(root: string, entry: string): Promise<Module[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

function importsIn(modules: readonly Module[], base: string): Import[] {
  return modules
    .filter(({ specifier }) => specifier.startsWith(base))
    .flatMap((module) =>
      (module.dependencies ?? []).map((dependency) => ({
        from: module.specifier.slice(base.length),
        specifier: dependency.specifier,
        to: targetOf(dependency, base),
      }))
    )
    .filter(({ from }) => from === "main.ts" || from.startsWith("src/"));
}

function targetOf(dependency: Dependency, base: string): string | undefined {
  const target = dependency.code?.specifier ?? dependency.type?.specifier;
  return target?.startsWith(base) ? target.slice(base.length) : undefined;
}

function layerViolation({ from, specifier, to }: Import): string[] {
  const folder = folderOf(from);
  if (to === undefined) {
    return isPure(from) && !specifier.startsWith(".")
      ? [`${from} imports ${specifier}, but ${folder} knows only arithmetic`]
      : [];
  }
  const other = folderOf(to);
  if (other === undefined || other === folder) return [];
  if (!rightOf(folder).includes(other)) {
    return [`${from} imports ${to}, but ${other} is not to its right`];
  }
  return to === `src/${other}/mod.ts` || ENTRIES.includes(to)
    ? []
    : [`${from} imports ${to} past src/${other}/mod.ts`];
}

function rightOf(folder: Folder | undefined): readonly string[] {
  return folder !== undefined && folder in RIGHT_OF
    ? [...RIGHT_OF[folder as keyof typeof RIGHT_OF], ...LEAVES] // just checked
    : LEAVES;
}

/** The layer or leaf that a file belongs to; `undefined` for leaves of one file. */
function folderOf(file: string): Folder | undefined {
  if (file === "main.ts") return "main";
  const folder = /^src\/([^/]+)\//.exec(file)?.[1];
  if (folder === undefined) return undefined;
  if ([...Object.keys(RIGHT_OF), ...LEAVES].includes(folder)) {
    return folder as Folder; // just checked
  }
  throw new Error(`Cannot place "${file}": "${folder}" is not a layer`);
}

function isPure(file: string): boolean {
  return PURE.some((layer) => file.startsWith(`src/${layer}/`));
}

function sharedLibraries(imports: readonly Import[]): string[] {
  const importers = new Map<string, Set<string>>();
  for (const { from, specifier, to } of imports) {
    if (to !== undefined || /^(\.|node:)/.test(specifier)) continue;
    const library = libraryOf(specifier);
    importers.set(library, (importers.get(library) ?? new Set()).add(from));
  }
  return [...importers]
    .filter(([, files]) => files.size > 1)
    .map(([library, files]) =>
      `${library} is imported by ${[...files].sort().join(" and ")}`
    );
}

/** `@scope/name/path` and `npm:name@1/path` belong to one library each. */
function libraryOf(specifier: string): string {
  const parts = specifier.replace(/^npm:\/?/, "").split("/");
  const name = parts.slice(0, parts[0]!.startsWith("@") ? 2 : 1).join("/");
  return name.replace(/(?<=.)@.*$/, "");
}
