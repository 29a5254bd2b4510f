import { invalidModel, quoted } from "../conversion_error.ts";
import { findOperator } from "../ops/table.ts";
import type { ParamFile } from "../params/param_array.ts";
import {
  isVariable,
  type MxnetSymbol,
  type SymbolNode,
} from "../symbol/symbol.ts";
import type { VariableFacts } from "./bind.ts";
import type { CheckpointInput } from "./checkpoint.ts";
import { type Scope, scopeOf, variablesOf } from "./scope.ts";

/**
 * Returns what inference needs: all heads but those of training, which need
 * labels that are no label inputs (`MultiBoxTarget`, `MakeLoss`).
 *
 * @throws {MmsError} `invalid_model` if no head is left
 */
export function inferenceScope(
  symbol: MxnetSymbol,
  params: ParamFile,
  inputs: readonly CheckpointInput[] | undefined,
): { readonly scope: Scope; readonly dropped: readonly string[] } {
  const known = new Set(inputs?.map(({ name }) => name));
  const isLabel = (name: string) =>
    /label/.test(name) && !known.has(name) && !params.arrays.has(name);
  const training = trainingNodes(symbol, isLabel);
  const kept = symbol.heads.filter(({ node }) => training[node] === 0);
  if (kept.length === 0) {
    throw invalidModel(
      "Cannot convert the symbol: every head computes a loss, inference needs one that does not",
    );
  }
  const dropped = symbol.heads.filter((head) => !kept.includes(head)).map(
    ({ node }) =>
      `head ${
        quoted(symbol.nodes[node]!.name)
      } computes a loss and is left out`,
  );
  return { scope: scopeOf(symbol, kept), dropped };
}

/** Marks the nodes that compute from labels, other than as label inputs. */
function trainingNodes(
  { nodes, order }: MxnetSymbol,
  isLabel: (name: string) => boolean,
): Uint8Array {
  const marks = new Uint8Array(nodes.length);
  for (const id of order) {
    const { operator, name, inputs } = nodes[id]!;
    const labels = findOperator(operator)?.labels ?? [];
    const marked = operator === "null"
      ? isLabel(name)
      : TRAINING_OPERATORS.has(operator) ||
        inputs.some(({ node }, i) => marks[node] === 1 && !labels.includes(i));
    if (marked) marks[id] = 1;
  }
  return marks;
}

const TRAINING_OPERATORS: ReadonlySet<string> = new Set([
  "CTCLoss",
  "ctc_loss",
  "_contrib_CTCLoss",
  "_contrib_ctc_loss",
  "softmax_cross_entropy",
  "_contrib_MultiBoxTarget",
]);

/** Returns what a symbol says about the variables of a scope. */
export function variableFacts(scope: Scope): VariableFacts {
  const { symbol } = scope;
  const needed = variablesOf(scope);
  const variables = symbol.nodes.filter(isVariable);
  return {
    needed,
    unneeded: new Set(
      variables.map(({ name }) => name).filter((name) => !needed.has(name)),
    ),
    states: statesOf(scope),
    initial: new Map(variables.flatMap((node) => {
      const number = initialOf(node);
      return number === undefined ? [] : [[node.name, number]];
    })),
  };
}

const STATE_NAME = /begin_state|_init_[ch]$|^l\d+_init_[ch]$/;

/** States are known by name, or as the states of a fused RNN. */
function statesOf({ symbol, order }: Scope): ReadonlySet<string> {
  const states = new Set<string>();
  for (const id of order) {
    const node = symbol.nodes[id]!;
    if (isVariable(node) && STATE_NAME.test(node.name)) states.add(node.name);
    if (findOperator(node.operator)?.name !== "RNN") continue;
    const count = node.attributes.get("mode") === "lstm" ? 2 : 1;
    for (const { node: input } of node.inputs.slice(2, 2 + count)) {
      const state = symbol.nodes[input]!;
      if (isVariable(state)) states.add(state.name);
    }
  }
  return states;
}

/** `["zero", {}]`, `["constant", {"value": 20}]`, `zeros`: MXNet's initializers. */
function initialOf({ attributes }: SymbolNode): number | undefined {
  const text = attributes.get("__init__");
  if (text === undefined || text.length > 1000) return undefined;
  const name = /^\W*(\w+)/.exec(text)?.[1]?.toLowerCase();
  if (name === "zero" || name === "zeros") return 0;
  if (name === "one" || name === "ones") return 1;
  const value = /"value":\s*(-?[\d.e+-]+)/.exec(text)?.[1];
  return name === "constant" && value !== undefined ? Number(value) : undefined;
}
