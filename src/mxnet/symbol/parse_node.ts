import { invalidModel, quoted } from "../conversion_error.ts";
import { sortNodes } from "./sort_nodes.ts";
import type { Subgraph, SymbolEntry, SymbolNode } from "./symbol.ts";

const MAX_NAME_CHARACTERS = 4096;
const MAX_OUTPUT = 100_000;

/**
 * Checks one element of `nodes`, whatever release wrote it.
 *
 * @throws {MmsError} `invalid_model` if it is not a node
 */
export function parseNode(
  json: unknown,
  id: number,
  nodeCount: number,
): SymbolNode {
  if (!isRecord(json)) throw invalidNode(id, "is not an object");
  const { op, name, inputs } = json;
  if (typeof op !== "string") throw invalidNode(id, 'has no text "op"');
  if (typeof name !== "string") throw invalidNode(id, 'has no text "name"');
  if (name.length > MAX_NAME_CHARACTERS || op.length > MAX_NAME_CHARACTERS) {
    throw invalidNode(id, `has a name of ${name.length} characters`);
  }
  if (!Array.isArray(inputs)) throw invalidNode(id, 'has no list "inputs"');
  const where = `node ${id} ${quoted(name)}`;
  const { subgraphs } = json;
  return {
    operator: op,
    name,
    inputs: inputs.map((entry) => parseEntry(entry, { where, nodeCount })),
    attributes: attributesOf(json, id),
    ...(Array.isArray(subgraphs) && {
      subgraphs: subgraphs.map((graph) => parseSubgraph(graph, where)),
    }),
  };
}

/** Checks one element of `subgraphs`, a symbol without a version. */
function parseSubgraph(json: unknown, owner: string): Subgraph {
  const where = `a subgraph of ${owner}`;
  const { nodes: list, heads } = isRecord(json) ? json : {};
  if (!Array.isArray(list) || !Array.isArray(heads)) {
    throw invalidModel(
      `Cannot read the symbol: ${where} lacks "nodes" or "heads"`,
    );
  }
  const nodeCount = list.length;
  const nodes = list.map((node, id) => parseNode(node, id, nodeCount));
  const entries = heads.map((head) => parseEntry(head, { where, nodeCount }));
  return { nodes, heads: entries, order: sortNodes(nodes, entries) };
}

/**
 * Checks `[node, output]` or `[node, output, version]`.
 *
 * @throws {MmsError} `invalid_model` if it names no node
 */
export function parseEntry(
  json: unknown,
  { where, nodeCount }: { readonly where: string; readonly nodeCount: number },
): SymbolEntry {
  const [node, output] = Array.isArray(json) ? json as unknown[] : [];
  if (
    isIndex(node) && isIndex(output) && node < nodeCount && output < MAX_OUTPUT
  ) return { node, output };
  throw invalidModel(
    `Cannot read the symbol: ${where} has the input ${
      quoted(JSON.stringify(json))
    }, [node, output] with a node below ${nodeCount} would be right`,
  );
}

/** 0.8 wrote `param` and `attr`, 0.9 to 0.12 `attr`, later ones `attrs`. */
function attributesOf(
  json: Record<string, unknown>,
  id: number,
): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const key of ["param", "attr", "attrs"]) {
    const group = json[key] ?? {};
    if (!isRecord(group)) throw invalidNode(id, `has a "${key}" without keys`);
    for (const [name, value] of Object.entries(group)) {
      if (typeof value === "string") attributes.set(name, value);
      else if (typeof value === "number" || typeof value === "boolean") {
        attributes.set(name, String(value));
      }
    }
  }
  return attributes;
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalidNode(id: number, problem: string): Error {
  return invalidModel(`Cannot read the symbol: node ${id} ${problem}`);
}
