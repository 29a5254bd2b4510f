import { extname } from "node:path/posix";
import { findHandlerModule } from "./handler_module.ts";
import { isTypeScript, type ModuleFile } from "./module_file.ts";
import { readModuleGraph } from "./module_graph.ts";
import { parseModule } from "./parse_module.ts";

/** A service whose types are gone. */
export interface StrippedModules {
  /** Its handler, which names JavaScript. */
  readonly handler: string;
  /** What its TypeScript became: names relative to the model's folder. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/**
 * Returns the JavaScript that the TypeScript of a service becomes, lines as
 * they were.
 *
 * @throws {MmsError} `invalid_model` if it cannot be loaded as a service
 */
export async function stripModules(
  folder: string,
  handler: string,
): Promise<StrippedModules> {
  const { file, callee } = await findHandlerModule(folder, handler);
  const graph = await readModuleGraph(folder, file);
  const name = scriptName(graph.files[0]!.name);
  return {
    handler: callee === undefined ? name : `${name}:${callee}`,
    files: graph.files.filter((it) =>
      it.kind === "script" && isTypeScript(it.path)
    ).map((it) => ({ name: scriptName(it.name), text: renamed(it) })),
  };
}

/** `service.ts` becomes `service.js`; anything else stays what it is. */
function scriptName(name: string): string {
  return isTypeScript(name)
    ? name.slice(0, -extname(name).length) + extname(name).replace("ts", "js")
    : name;
}

/** The code of a module that imports JavaScript where it imported TypeScript. */
function renamed({ code }: ModuleFile): string {
  let text = code;
  const imports = parseModule(code).imports.toSorted((a, b) =>
    b.start - a.start
  );
  for (const { start, named, specifier = "" } of imports) {
    if (!specifier.startsWith(".") || !isTypeScript(specifier)) continue;
    text = text.slice(0, start) + JSON.stringify(scriptName(specifier)) +
      text.slice(named);
  }
  return text;
}
