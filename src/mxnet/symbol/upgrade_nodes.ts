import type { SymbolNode } from "./symbol.ts";

/** Files from this release on list a BatchNorm's moving statistics. */
const LISTS_STATISTICS = 900;
/** Files from this release on mean the last axis by an argmax axis of −1. */
const COUNTS_AXES_FROM_BEHIND = 905;

const BATCH_NORMS: ReadonlySet<string> = new Set([
  "BatchNorm",
  "BatchNorm_v1",
  "CuDNNBatchNorm",
]);

/**
 * Changes what old releases wrote differently, as MXNet does
 * (`src/nnvm/legacy_json_util.cc`).
 */
export function upgradeNodes(
  nodes: readonly SymbolNode[],
  version: number,
): readonly SymbolNode[] {
  const listed = version < LISTS_STATISTICS ? listStatistics(nodes) : nodes;
  return version < COUNTS_AXES_FROM_BEHIND ? listed.map(globalArgmax) : listed;
}

/** Appends variables for the statistics; ids of other nodes stay. */
function listStatistics(nodes: readonly SymbolNode[]): readonly SymbolNode[] {
  const variables: SymbolNode[] = [];
  const upgraded = nodes.map((node) => {
    if (!BATCH_NORMS.has(node.operator) || node.inputs.length !== 3) {
      return node;
    }
    const first = nodes.length + variables.length;
    for (const suffix of ["moving_mean", "moving_var"]) {
      variables.push({
        operator: "null",
        name: `${node.name}_${suffix}`,
        inputs: [],
        attributes: new Map(),
      });
    }
    const statistics = [first, first + 1].map((id) => ({
      node: id,
      output: 0,
    }));
    return { ...node, inputs: [...node.inputs, ...statistics] };
  });
  return [...upgraded, ...variables];
}

function globalArgmax(node: SymbolNode): SymbolNode {
  const isArg = node.operator === "argmax" || node.operator === "argmin";
  if (!isArg || node.attributes.get("axis") !== "-1") return node;
  const attributes = new Map(node.attributes);
  attributes.delete("axis");
  return { ...node, attributes };
}
