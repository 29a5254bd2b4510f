import { invalidModel, quoted } from "../conversion_error.ts";
import { isVariable, type SymbolEntry, type SymbolNode } from "./symbol.ts";

/**
 * Returns the nodes that `heads` need, each after its inputs, by depth-first
 * search, which is the order in which MXNet lists them.
 *
 * @throws {MmsError} `invalid_model` if nodes need each other, or a variable
 * has inputs
 */
export function sortNodes(
  nodes: readonly SymbolNode[],
  heads: readonly SymbolEntry[],
): readonly number[] {
  const order: number[] = [];
  const state = new Uint8Array(nodes.length);
  for (const head of heads) visit(head.node, { nodes, state, order });
  return order;
}

const OPEN = 1;
const DONE = 2;

interface Search {
  readonly nodes: readonly SymbolNode[];
  readonly state: Uint8Array;
  readonly order: number[];
}

/** Keeps its own stack: chains of a hundred thousand nodes are legal. */
function visit(root: number, { nodes, state, order }: Search): void {
  const stack = [{ id: root, next: 0 }];
  if (state[root] === DONE) return;
  state[root] = OPEN;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = nodes[top.id]!;
    const input = node.inputs[top.next++];
    if (input === undefined) {
      state[top.id] = DONE;
      order.push(top.id);
      stack.pop();
    } else if (isVariable(node)) {
      throw invalid(node, "is a variable with inputs");
    } else if (state[input.node] === OPEN) {
      throw invalid(node, "needs its own output");
    } else if (state[input.node] !== DONE) {
      state[input.node] = OPEN;
      stack.push({ id: input.node, next: 0 });
    }
  }
}

function invalid(node: SymbolNode, problem: string): Error {
  return invalidModel(
    `Cannot read the symbol: node ${quoted(node.name)} ${problem}`,
  );
}
