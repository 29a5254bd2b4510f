import {
  ConversionError,
  FreeExtentError,
  invalidModel,
  quoted,
  UndeterminedError,
} from "../conversion_error.ts";
import type { ExtentFacts } from "../onnx/extent_facts.ts";
import { GraphBuilder } from "../onnx/graph_builder.ts";
import type { Value } from "../onnx/value.ts";
import { isVariable, type SymbolNode } from "../symbol/symbol.ts";
import type { Bindings } from "./bind.ts";
import { operatorOutputs } from "./operator_outputs.ts";
import type { Attempt } from "./runs.ts";
import type { Scope } from "./scope.ts";
import { variableValue } from "./variables.ts";

/** What a walk through a graph works on. */
export interface WalkRequest {
  readonly scope: Scope;
  readonly bindings: Bindings;
  readonly attempt: Attempt;
  /** The parameter file as the graph names it; absent for inline weights. */
  readonly location: string | undefined;
}

/** What a walk through a graph made. */
export interface Walk {
  readonly graph: GraphBuilder;
  /** Outputs of each node. */
  readonly outputs: ReadonlyMap<number, readonly Value[]>;
}

const MAX_WALKS = 40;

/**
 * Converts every node of a scope, as often as nodes tell more of the extents
 * that others leave open.
 *
 * @throws {MmsError} `invalid_model` naming the node that cannot be converted;
 * its cause is the ConversionError
 */
export function walk(request: WalkRequest, facts: ExtentFacts): Walk {
  for (let walks = 1;; walks++) {
    const before = facts.changes;
    const { walked, stuck } = walkOnce(request, facts);
    if (facts.changes > before && walks < MAX_WALKS) continue;
    if (stuck !== undefined) throw stuck;
    return walked;
  }
}

function walkOnce(
  request: WalkRequest,
  facts: ExtentFacts,
): { readonly walked: Walk; readonly stuck: Error | undefined } {
  const { scope, bindings } = request;
  const graph = new GraphBuilder(facts);
  reserveNames(graph, request);
  const outputs = new Map<number, readonly Value[]>();
  const shared = new Map<string, Value>();
  let stuck: Error | undefined;
  for (const id of scope.order) {
    const node = scope.symbol.nodes[id]!;
    graph.enter(node.name);
    const made = attempt(node, () => {
      if (!isVariable(node)) return operatorOutputs(node, graph, outputs);
      const known = shared.get(node.name) ?? variableValue(
        node,
        bindings.variables.get(node.name)!,
        { ...request, graph, inputs: bindings.inputs },
      );
      shared.set(node.name, known);
      return [known];
    });
    if (made instanceof Error) stuck ??= made;
    else if (made !== undefined) outputs.set(id, made);
  }
  return { walked: { graph, outputs }, stuck };
}

/** Names that inputs and outputs will have stay theirs. */
function reserveNames(
  graph: GraphBuilder,
  { scope, bindings }: WalkRequest,
): void {
  for (const { name } of bindings.inputs) graph.reserve(name);
  for (const { node: id, output } of scope.heads) {
    const { name } = scope.symbol.nodes[id]!;
    graph.reserve(name);
    graph.reserve(`${name}_output`);
    graph.reserve(`${name}_output${output}`);
  }
}

/** Returns what `make` makes, or the error if it only lacks an extent. */
function attempt(
  node: SymbolNode,
  make: () => readonly Value[] | undefined,
): readonly Value[] | Error | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    const failure = nodeError(node, error);
    if (error instanceof UndeterminedError) return failure;
    throw failure;
  }
}

function nodeError(node: SymbolNode, cause: ConversionError): Error {
  const what = isVariable(node)
    ? `variable ${quoted(node.name)}`
    : `node ${quoted(node.name)} (${quoted(node.operator)})`;
  return invalidModel(`Cannot convert ${what}: ${cause.message}`, { cause });
}

/** Returns whether an error would go away if open extents were fixed. */
export function needsFixedExtent(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof FreeExtentError;
}
