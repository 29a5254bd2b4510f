/** One output of a node. */
export interface SymbolEntry {
  readonly node: number;
  readonly output: number;
}

/** A graph inside a node: a loop's condition or body, a branch. */
export interface Subgraph {
  readonly nodes: readonly SymbolNode[];
  /** The graph's outputs, in order. */
  readonly heads: readonly SymbolEntry[];
  /** Nodes that `heads` need, each after those that it needs. */
  readonly order: readonly number[];
}

/** One node as MXNet wrote it, a variable or an operator. */
export interface SymbolNode {
  /** `"null"` for a variable. */
  readonly operator: string;
  /** Not unique among nodes. */
  readonly name: string;
  readonly inputs: readonly SymbolEntry[];
  readonly attributes: ReadonlyMap<string, string>;
  /** Absent for all but control flow. */
  readonly subgraphs?: readonly Subgraph[];
}

/** A graph as MXNet wrote it, checked: every entry names a node. */
export interface MxnetSymbol {
  readonly nodes: readonly SymbolNode[];
  /** The graph's outputs, in order. */
  readonly heads: readonly SymbolEntry[];
  /** major × 10000 + minor × 100 + patch; 800 where the file has none. */
  readonly version: number;
  /** Nodes that `heads` need, each after those that it needs. */
  readonly order: readonly number[];
}

/** Returns whether a node is a variable: an input, a parameter, a label. */
export function isVariable(node: SymbolNode): boolean {
  return node.operator === "null";
}
