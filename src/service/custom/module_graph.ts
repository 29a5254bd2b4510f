import { isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readBoundedFile } from "../../archive/mod.ts";
import { messageOf, MmsError } from "../../errors.ts";
import {
  candidates,
  codeOf,
  type ModuleFile,
  type ModuleKind,
} from "./module_file.ts";
import { type ModuleImport, parseModule } from "./parse_module.ts";
import { positionAt, shownLine, SourceError } from "./source_error.ts";

/** A service is a few files; what is more is none. */
const MAX_MODULES = 1000;
const MAX_MODULE_BYTES = 1 << 25;

/** What is ours to give. */
export const OWN_MODULE = "mms";

/** Modules of Node that compute, and do nothing else. */
export const NODE_MODULES: readonly string[] = [
  "node:buffer",
  "node:path",
  "node:url",
];

/** The files of a service, by what imports what. */
export interface ModuleGraph {
  /** Breadth first, the entry first. */
  readonly files: readonly ModuleFile[];
  /** For each file, what each of its specifiers leads to. */
  readonly links: ReadonlyMap<ModuleFile, ReadonlyMap<string, Target>>;
}

/** What a specifier leads to. */
export type Target = ModuleFile | string;

/**
 * Reads a module and all that it imports, and checks that none of it leads out
 * of the model's folder: allowed are relative paths, `mms` and a few modules of
 * Node.
 *
 * @throws {MmsError} `invalid_model` if something else is imported, or is no
 * module; the message names file and line
 */
export async function readModuleGraph(
  folder: string,
  entry: string,
): Promise<ModuleGraph> {
  const reader = new GraphReader(await Deno.realPath(folder));
  await reader.read(entry);
  return reader;
}

class GraphReader implements ModuleGraph {
  readonly files: ModuleFile[] = [];
  readonly links = new Map<ModuleFile, ReadonlyMap<string, Target>>();
  readonly #root: string;
  readonly #known = new Map<string, ModuleFile>();

  constructor(root: string) {
    this.#root = root;
  }

  async read(entry: string): Promise<void> {
    await this.#entry(entry);
    for (const file of this.files) {
      this.links.set(file, await this.#linksOf(file));
    }
  }

  async #entry(entry: string): Promise<void> {
    try {
      await this.#file(join(this.#root, entry), "script", entry);
    } catch (error) {
      throw refusal({ name: entry, source: "" }, error);
    }
  }

  async #file(
    path: string,
    kind: ModuleKind,
    what: string,
  ): Promise<ModuleFile> {
    const real = await this.#resolve(path, what);
    const key = `${kind} ${real}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.files.length === MAX_MODULES) {
      throw new SourceError(`there are more than ${MAX_MODULES} modules`);
    }
    const file = await this.#load(real, kind);
    this.#known.set(key, file);
    this.files.push(file);
    return file;
  }

  async #load(path: string, kind: ModuleKind): Promise<ModuleFile> {
    const name = relative(this.#root, path).replaceAll(sep, "/");
    const limit = { what: name, limit: MAX_MODULE_BYTES };
    const source = new TextDecoder().decode(await readBoundedFile(path, limit));
    try {
      const code = await codeOf(path, kind, source);
      return { path, name, kind, source, code };
    } catch (error) {
      throw refusal({ name, source }, error);
    }
  }

  /** Links resolved, inside, and a file. */
  async #resolve(path: string, what: string): Promise<string> {
    for (const candidate of candidates(path)) {
      const real = await Deno.realPath(candidate).catch(() => undefined);
      if (real === undefined) continue;
      const way = relative(this.#root, real);
      if (isAbsolute(way) || way.split(sep)[0] === "..") {
        throw new SourceError(`"${what}" leads out of the model's folder`);
      }
      if ((await Deno.stat(real)).isFile) return real;
    }
    throw new SourceError(`there is no "${what}"`);
  }

  async #linksOf(file: ModuleFile): Promise<ReadonlyMap<string, Target>> {
    const links = new Map<string, Target>();
    if (file.kind !== "script") return links;
    for (const one of importsOf(file)) {
      try {
        links.set(one.specifier ?? "", await this.#target(file, one));
      } catch (error) {
        const at = error instanceof SourceError
          ? new SourceError(error.message, positionAt(file.code, one.start))
          : error;
        throw refusal(file, at);
      }
    }
    return links;
  }

  async #target(file: ModuleFile, one: ModuleImport): Promise<Target> {
    const { specifier, type } = one;
    if (specifier === undefined) {
      throw new SourceError("what is imported must be a text in quotes");
    }
    const isKnown = specifier === OWN_MODULE ||
      NODE_MODULES.includes(specifier);
    if (isKnown && type === undefined) return specifier;
    if (!/^\.\.?\//.test(specifier)) throw forbidden(specifier);
    const url = new URL(specifier, pathToFileURL(file.path));
    if (url.search !== "" || url.hash !== "") throw forbidden(specifier);
    return await this.#file(fileURLToPath(url), kindOf(type), specifier);
  }
}

function importsOf(file: ModuleFile): readonly ModuleImport[] {
  try {
    return parseModule(file.code).imports;
  } catch (error) {
    throw refusal(file, error);
  }
}

function kindOf(type: string | undefined): ModuleKind {
  if (type === undefined) return "script";
  if (type === "json" || type === "text") return type;
  throw new SourceError(`a module of type "${type}" is not known here`);
}

function forbidden(specifier: string): SourceError {
  return new SourceError(
    `"${specifier}" may not be imported, only "${OWN_MODULE}", ${
      NODE_MODULES.map((it) => `"${it}"`).join(", ")
    } and relative paths within the model's folder`,
  );
}

/** Says of a file what is wrong with it, and where. */
function refusal(
  { name, source }: Pick<ModuleFile, "name" | "source">,
  error: unknown,
): unknown {
  if (!(error instanceof SourceError || error instanceof RangeError)) {
    return error;
  }
  const position = error instanceof SourceError ? error.position : undefined;
  const place = position === undefined
    ? ""
    : `, at ${name}:${position.line}:${position.column}: ${
      shownLine(source, position.line)
    }`;
  return new MmsError(
    "invalid_model",
    `Cannot load "${name}": ${messageOf(error)}${place}`,
    { cause: error },
  );
}
