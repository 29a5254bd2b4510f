import { extname } from "node:path";
import { messageOf } from "../../errors.ts";
import { parseModule } from "./parse_module.ts";
import { SourceError } from "./source_error.ts";

/** How a file becomes a module. */
export type ModuleKind = "script" | "json" | "text";

/** One file of a service, as code. */
export interface ModuleFile {
  /** Absolute, with all links resolved. */
  readonly path: string;
  /** Relative to the model's folder, `/` between the parts. */
  readonly name: string;
  readonly kind: ModuleKind;
  /** As it lies there. */
  readonly source: string;
  /** JavaScript, lines as in the source. */
  readonly code: string;
}

/** Endings of TypeScript. */
const TYPED: readonly string[] = [".ts", ".mts"];

/** Whether a file's types are to be stripped. */
export function isTypeScript(path: string): boolean {
  return TYPED.includes(extname(path)) && !/\.d\.m?ts$/.test(path);
}

/**
 * Returns the JavaScript of a file.
 *
 * @throws {SourceError} if it is not what its kind says
 */
export async function codeOf(
  path: string,
  kind: ModuleKind,
  source: string,
): Promise<string> {
  switch (kind) {
    case "text":
      return `export default ${JSON.stringify(source)};`;
    case "json":
      return `export default JSON.parse(${JSON.stringify(jsonText(source))});`;
    case "script": {
      if (!isTypeScript(path)) return source;
      const { stripTypes } = await import("./strip_types.ts");
      return stripTypes(source);
    }
  }
}

function jsonText(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source));
  } catch (cause) {
    throw new SourceError(messageOf(cause), undefined, { cause });
  }
}

/** A module's imports, by what stands in their place. */
export type Replace = (specifier: string) => string;

/**
 * Returns the code with other specifiers and with `meta` in place of
 * `import.meta`, all lines where they were.
 */
export function relink(
  code: string,
  { replace, meta }: { readonly replace: Replace; readonly meta: string },
): string {
  const { imports, metas, hashbang } = parseModule(code);
  const edits = [
    ...imports.map(({ start, end, specifier, closing }) => ({
      start,
      end,
      text: `${JSON.stringify(replace(specifier ?? ""))}${
        breaksIn(code.slice(start, end))
      }${closing}`,
    })),
    ...metas.map(({ start, end }) => ({ start, end, text: "import$meta" })),
  ].sort((a, b) => b.start - a.start);
  let text = code;
  for (const edit of edits) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  const used = metas.length > 0 ? `const import$meta=${meta};` : "";
  return used + text.slice(hashbang);
}

function breaksIn(text: string): string {
  return "\n".repeat(text.split("\n").length - 1);
}

/** Where a file may be: as written; and TypeScript where JavaScript is named, or the reverse. */
export function candidates(path: string): readonly string[] {
  const ending = extname(path);
  const other = { ".js": ".ts", ".mjs": ".mts", ".ts": ".js", ".mts": ".mjs" };
  const twin = Object.entries(other).find(([own]) => own === ending)?.[1];
  return twin === undefined
    ? [path]
    : [path, path.slice(0, -ending.length) + twin];
}
