import {
  ConversionError,
  FreeExtentError,
  quoted,
  UndeterminedError,
} from "../conversion_error.ts";
import type { GraphBuilder } from "../onnx/graph_builder.ts";
import type { Value } from "../onnx/value.ts";
import { MAX_LOOP_NODES } from "../ops/control_flow.ts";
import { findOperator, type TableEntry } from "../ops/table.ts";
import { Attributes } from "../symbol/attributes.ts";
import {
  isVariable,
  type Subgraph,
  type SymbolNode,
} from "../symbol/symbol.ts";

/**
 * Returns a node's outputs, `undefined` if an input could not be made.
 *
 * @throws {ConversionError} if the operator cannot be converted
 */
export function operatorOutputs(
  node: SymbolNode,
  graph: GraphBuilder,
  outputs: ReadonlyMap<number, readonly Value[]>,
): readonly Value[] | undefined {
  const entry = findOperator(node.operator)!;
  const inputs = inputsOf(node, entry, outputs);
  if (inputs === undefined) return undefined;
  const result = entry.convert({
    graph,
    operator: entry.name,
    name: node.name,
    inputs,
    attributes: new Attributes(node.attributes),
    subgraphs: node.subgraphs ?? [],
    expand: (subgraph, given) => expand(subgraph, given, graph),
  });
  return Array.isArray(result) ? result as readonly Value[] : [result as Value];
}

/** Returns all inputs but labels, `undefined` if one could not be made. */
function inputsOf(
  node: SymbolNode,
  entry: TableEntry,
  outputs: ReadonlyMap<number, readonly Value[]>,
): readonly Value[] | undefined {
  const inputs: Value[] = [];
  for (const [i, { node: id, output }] of node.inputs.entries()) {
    if (entry.labels?.includes(i)) continue;
    const made = outputs.get(id);
    if (made === undefined) return undefined;
    const value = made[output];
    if (value === undefined) {
      throw new ConversionError(
        `input ${i} is output ${output} of a node whose outputs are ${made.length}`,
      );
    }
    inputs.push(value);
  }
  return inputs;
}

/** Converts a graph inside a node, each variable being one of `inputs`. */
function expand(
  { nodes, heads, order }: Subgraph,
  inputs: readonly Value[],
  graph: GraphBuilder,
): readonly Value[] {
  if (graph.nodes.length > MAX_LOOP_NODES) {
    throw new ConversionError(
      `its steps come to more than ${MAX_LOOP_NODES} nodes`,
    );
  }
  const outputs = new Map<number, readonly Value[]>();
  const variables = nodes.flatMap((node, id) => isVariable(node) ? [id] : []);
  for (const [i, id] of variables.entries()) {
    if (inputs[i] !== undefined) outputs.set(id, [inputs[i]]);
  }
  for (const id of order) {
    const node = nodes[id]!;
    if (isVariable(node)) continue;
    graph.enter(node.name);
    outputs.set(id, innerOutputs(node, graph, outputs));
  }
  return heads.map(({ node, output }) => {
    const value = outputs.get(node)?.[output];
    if (value !== undefined) return value;
    throw new ConversionError(
      "a graph inside it has a head that does not exist",
    );
  });
}

function innerOutputs(
  node: SymbolNode,
  graph: GraphBuilder,
  outputs: ReadonlyMap<number, readonly Value[]>,
): readonly Value[] {
  try {
    const made = operatorOutputs(node, graph, outputs);
    if (made !== undefined) return made;
    throw new ConversionError("it has an input that is not there");
  } catch (error) {
    const isFault = error instanceof ConversionError &&
      !(error instanceof FreeExtentError) &&
      !(error instanceof UndeterminedError);
    if (!isFault) throw error;
    const what = `${quoted(node.name)} (${quoted(node.operator)})`;
    throw new ConversionError(`inside it, node ${what}: ${error.message}`);
  }
}
