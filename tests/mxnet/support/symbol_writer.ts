/**
 * Symbols, as short as tests need them.
 *
 * @module
 */

import { attributeTexts, type AttributeValue } from "../naive/sample.ts";

/** One node: a variable's name, or an operator on nodes before it. */
export type WrittenNode =
  | string
  | readonly [
    operator: string,
    name: string,
    inputs: readonly (number | readonly [number, number])[],
    attributes?: Readonly<Record<string, AttributeValue>>,
  ];

/** Returns a symbol whose head is the last node, unless others are stated. */
export function writeSymbol(
  nodes: readonly WrittenNode[],
  heads: readonly (readonly [number, number])[] = [[nodes.length - 1, 0]],
): string {
  return JSON.stringify({
    nodes: nodes.map((node) => {
      if (typeof node === "string") {
        return { op: "null", name: node, inputs: [] };
      }
      const [op, name, inputs, attributes] = node;
      const entries = inputs.map((input) =>
        typeof input === "number" ? [input, 0, 0] : [...input, 0]
      );
      return { op, name, attrs: attributeTexts(attributes), inputs: entries };
    }),
    arg_nodes: nodes.flatMap((node, i) => typeof node === "string" ? [i] : []),
    heads: heads.map((head) => [...head, 0]),
    attrs: { mxnet_version: ["int", 10901] },
  });
}
