import { invalidModel, quoted } from "../conversion_error.ts";
import { carrierOf, type ElementType } from "../element_type.ts";
import { rawCast } from "../emit/emit.ts";
import type { Value } from "../onnx/value.ts";
import { outputSuffix } from "../ops/operator.ts";
import { findOperator } from "../ops/table.ts";
import { Attributes } from "../symbol/attributes.ts";
import { isVariable, type SymbolEntry } from "../symbol/symbol.ts";
import type { Scope } from "./scope.ts";
import type { Walk } from "./walk.ts";

/** One output of the graph, under the name it is to have. */
export interface NamedOutput {
  readonly name: string;
  readonly value: Value;
  readonly type: ElementType;
}

/**
 * Returns the values of the heads in order, named as MXNet's `list_outputs`
 * names them; a name that occurs again gets a number.
 */
export function namedOutputs(scope: Scope, walk: Walk): readonly NamedOutput[] {
  const taken = new Set<string>();
  return scope.heads.map((head) => {
    const made = walk.outputs.get(head.node) ?? [];
    const wanted = outputName(scope, head, made.length);
    let name = wanted;
    for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`;
    taken.add(name);
    const value = made[head.output];
    if (value === undefined) throw noSuchOutput(wanted);
    walk.graph.enter(name);
    return { name, ...atDoor(walk.graph.sources.get(name) ?? value) };
  });
}

/** Half precision leaves the graph as what it is in MXNet. */
function atDoor(
  value: Value,
): { readonly value: Value; readonly type: ElementType } {
  const { sources } = value.graph;
  if (value.type === "float16" && sources.get(value.name) !== value) {
    return { value: rawCast(value, "float16", "float16"), type: "float16" };
  }
  const type = sources.has(value.name) ? value.type : carrierOf(value.type);
  return { value, type };
}

function outputName(
  { symbol }: Scope,
  { node: id, output }: SymbolEntry,
  count: number,
): string {
  const node = symbol.nodes[id]!;
  if (isVariable(node)) return node.name;
  const entry = findOperator(node.operator);
  const stated = entry &&
    outputSuffix(entry, new Attributes(node.attributes), output);
  const suffix = stated ?? (count > 1 ? `output${output}` : "output");
  return node.name === "" ? suffix : `${node.name}_${suffix}`;
}

function noSuchOutput(name: string): Error {
  return invalidModel(
    `Cannot convert the symbol: its head ${quoted(name)} does not exist`,
  );
}
