import { invalidModel, listed, quoted } from "../conversion_error.ts";
import { findOperator } from "../ops/table.ts";
import { adviceFor } from "./unsupported_advice.ts";
import {
  isVariable,
  type MxnetSymbol,
  type Subgraph,
  type SymbolEntry,
} from "../symbol/symbol.ts";

/** The part of a graph that inference needs. */
export interface Scope {
  readonly symbol: MxnetSymbol;
  readonly heads: readonly SymbolEntry[];
  /** Nodes to convert, each after those it needs. */
  readonly order: readonly number[];
}

/** Returns what `heads` need, leaving out what only training needs: labels. */
export function scopeOf(
  symbol: MxnetSymbol,
  heads: readonly SymbolEntry[],
): Scope {
  const needed = new Uint8Array(symbol.nodes.length);
  for (const { node } of heads) needed[node] = 1;
  for (const id of symbol.order.toReversed()) {
    if (needed[id] === 0) continue;
    const node = symbol.nodes[id]!;
    const labels = findOperator(node.operator)?.labels ?? [];
    for (const [i, input] of node.inputs.entries()) {
      if (!labels.includes(i)) needed[input.node] = 1;
    }
  }
  return {
    symbol,
    heads,
    order: symbol.order.filter((id) => needed[id] === 1),
  };
}

/** Returns the names of the variables that a scope needs, once each. */
export function variablesOf({ symbol, order }: Scope): ReadonlySet<string> {
  return new Set(
    order.map((id) => symbol.nodes[id]!).filter(isVariable)
      .map(({ name }) => name),
  );
}

/**
 * Refuses a graph with operators that the table lacks, all named at once.
 *
 * @throws {MmsError} `invalid_model`
 */
export function requireSupported({ symbol, order }: Scope): void {
  const counts = new Map<string, number>();
  countUnknown({ nodes: symbol.nodes, order }, counts);
  if (counts.size === 0) return;
  const names = [...counts].map(([name, count]) =>
    `${quoted(name)} (${count})`
  );
  const advice = adviceFor([...counts.keys()]).map((text) => `; ${text}`);
  throw invalidModel(
    `Cannot convert the symbol: operators are not supported: ${listed(names)}${
      advice.join("")
    }`,
  );
}

/** Counts operators that the table lacks, in the graphs inside nodes too. */
function countUnknown(
  { nodes, order }: Pick<Subgraph, "nodes" | "order">,
  counts: Map<string, number>,
): void {
  for (const id of order) {
    const node = nodes[id]!;
    if (isVariable(node)) continue;
    if (findOperator(node.operator) === undefined) {
      counts.set(node.operator, (counts.get(node.operator) ?? 0) + 1);
    } else {
      for (const graph of node.subgraphs ?? []) countUnknown(graph, counts);
    }
  }
}
