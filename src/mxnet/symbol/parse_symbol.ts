import { messageOf } from "../../errors.ts";
import { invalidModel } from "../conversion_error.ts";
import { parseEntry, parseNode } from "./parse_node.ts";
import { sortNodes } from "./sort_nodes.ts";
import type { MxnetSymbol } from "./symbol.ts";
import { upgradeNodes } from "./upgrade_nodes.ts";

const MAX_CHARACTERS = 1 << 25;
const MAX_VALUES = 4_000_000;
const MAX_DEPTH = 64;
const MAX_NODES = 200_000;
const MAX_HEADS = 10_000;
const MAX_ENTRIES = 1_000_000;

/** 0.8, the last release that wrote no version. */
const UNVERSIONED = 800;

/**
 * Reads a symbol file of MXNet 0.8 to 2.0 and brings it to the layout of 1.x,
 * as MXNet does when it loads one.
 *
 * @throws {MmsError} `invalid_model` if it breaks the format or the limits
 */
export function parseSymbol(text: string): MxnetSymbol {
  const json = parseJson(text);
  const list = listField(json, "nodes");
  if (list.length === 0) throw invalidSymbol("it has no nodes");
  if (list.length > MAX_NODES) {
    throw invalidSymbol(
      `it has ${list.length} nodes, the limit is ${MAX_NODES}`,
    );
  }
  const heads = listField(json, "heads").map((head) =>
    parseEntry(head, { where: "heads", nodeCount: list.length })
  );
  if (heads.length === 0 || heads.length > MAX_HEADS) {
    throw invalidSymbol(
      `it has ${heads.length} heads, 1 to ${MAX_HEADS} are right`,
    );
  }
  const version = versionOf(json);
  const parsed = list.map((node, id) => parseNode(node, id, list.length));
  const nodes = upgradeNodes(parsed, version);
  const entries = nodes.reduce((sum, { inputs }) => sum + inputs.length, 0);
  if (entries > MAX_ENTRIES) {
    throw invalidSymbol(`it has ${entries} edges, the limit is ${MAX_ENTRIES}`);
  }
  return { nodes, heads, version, order: sortNodes(nodes, heads) };
}

function parseJson(text: string): Record<string, unknown> {
  refuseExcess(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidSymbol(messageOf(cause), { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw invalidSymbol("it is not a JSON object");
  }
  return json as Record<string, unknown>;
}

/** Counts before `JSON.parse` allocates. */
function refuseExcess(text: string): void {
  if (text.length > MAX_CHARACTERS) {
    throw invalidSymbol(
      `it has ${text.length} characters, the limit is ${MAX_CHARACTERS}`,
    );
  }
  let values = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) depth += 1; // [ {
    else if (code === 0x5d || code === 0x7d) depth -= 1; // ] }
    else if (code !== 0x2c) continue; // ,
    values += 1;
    if (depth > MAX_DEPTH) throw invalidSymbol(`it is nested ${depth} deep`);
    if (values > MAX_VALUES) throw invalidSymbol("it has too many values");
  }
}

function listField(
  json: Record<string, unknown>,
  key: string,
): readonly unknown[] {
  const value = json[key];
  if (!Array.isArray(value)) {
    throw invalidSymbol(`it has no list "${key}", a symbol file has one`);
  }
  return value;
}

/** `"attrs": {"mxnet_version": ["int", 10901]}` */
function versionOf(json: Record<string, unknown>): number {
  const attributes = json["attrs"];
  if (typeof attributes !== "object" || attributes === null) return UNVERSIONED;
  const entry = (attributes as Record<string, unknown>)["mxnet_version"];
  const version = Array.isArray(entry) ? entry[1] : entry;
  return typeof version === "number" ? version : UNVERSIONED;
}

function invalidSymbol(problem: string, options?: ErrorOptions): Error {
  return invalidModel(`Cannot read the symbol: ${problem}`, options);
}
