import { type AnyNode, parse } from "acorn";
import { SourceError } from "./source_error.ts";

/** A place in a text, in UTF-16 code units, end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One import of a module, static or dynamic. */
export interface ModuleImport extends Span {
  /** Where it begins to name the module; it ends after its attributes. */
  readonly start: number;
  /** Where the name ends. */
  readonly named: number;
  /** What stands there; `undefined` where that is no literal. */
  readonly specifier: string | undefined;
  /** What the `type` attribute says. */
  readonly type: string | undefined;
  /** What follows the specifier at the end of the span. */
  readonly closing: ";" | ")";
}

/** What of a module decides where else it leads. */
export interface ParsedModule {
  readonly imports: readonly ModuleImport[];
  /** Where `import.meta` stands. */
  readonly metas: readonly Span[];
  /** Where the module's own code may begin: after a `#!` line. */
  readonly hashbang: number;
}

/**
 * Parses a module as the specification has it, which leaves no doubt about what
 * is an import and what is a text or a comment that looks like one.
 *
 * @throws {SourceError} if it is no JavaScript module
 */
export function parseModule(source: string): ParsedModule {
  const imports: ModuleImport[] = [];
  const metas: Span[] = [];
  visit(parsed(source), (node) => {
    if (node.type === "MetaProperty" && node.meta.name === "import") {
      metas.push(node);
    }
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
  });
  const hashbang = /^#!.*/.exec(source)?.[0].length ?? 0;
  return { imports, metas, hashbang };
}

function parsed(source: string): AnyNode {
  try {
    return parse(source, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowHashBang: true,
    });
  } catch (error) {
    throw SourceError.from(error);
  }
}

function importOf(node: AnyNode): ModuleImport | undefined {
  switch (node.type) {
    case "ImportExpression":
      return {
        start: node.source.start,
        named: node.source.end,
        end: node.end,
        specifier: textOf(node.source),
        type: optionsType(node.options),
        closing: ")",
      };
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      if (!node.source) return undefined;
      return {
        start: node.source.start,
        named: node.source.end,
        end: node.end,
        specifier: textOf(node.source),
        type: typeAmong(node.attributes ?? []),
        closing: ";",
      };
  }
}

function textOf(node: AnyNode): string | undefined {
  return node.type === "Literal" && typeof node.value === "string"
    ? node.value
    : undefined;
}

/** `{ with: { type: "json" } }`; anything else is no type that is known. */
function optionsType(options: AnyNode | null | undefined): string | undefined {
  if (!options) return undefined;
  const attributes = onlyProperty(options, "with");
  const type = attributes && onlyProperty(attributes, "type");
  return (type && textOf(type)) ?? "";
}

function onlyProperty(node: AnyNode, name: string): AnyNode | undefined {
  if (node.type !== "ObjectExpression" || node.properties.length !== 1) {
    return undefined;
  }
  const [property] = node.properties;
  const isIt = property?.type === "Property" && !property.computed &&
    property.key.type === "Identifier" && property.key.name === name;
  return isIt ? property.value : undefined;
}

function typeAmong(
  attributes: readonly { readonly key: AnyNode; readonly value: AnyNode }[],
): string | undefined {
  if (attributes.length === 0) return undefined;
  const [{ key, value }] = attributes as [typeof attributes[number]];
  const name = key.type === "Identifier" ? key.name : textOf(key);
  const isType = attributes.length === 1 && name === "type";
  return isType ? textOf(value) : "";
}

/** Visits every node below `node`; trees as deep as the stack end in an error. */
function visit(node: AnyNode, look: (node: AnyNode) => void): void {
  look(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, look);
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string";
}
