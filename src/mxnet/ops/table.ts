import { activations } from "./activations.ts";
import { convolutions } from "./convolution.ts";
import { layers } from "./layers.ts";
import { normalizations } from "./normalizations.ts";
import { outputs } from "./outputs.ts";
import { poolings } from "./pooling.ts";
import type { Operator, OperatorFamily } from "./operator.ts";

/** Every operator that can be converted, by family. */
export const OPERATOR_FAMILIES: readonly OperatorFamily[] = [
  convolutions,
  layers,
  activations,
  poolings,
  normalizations,
  outputs,
];

/** An operator as the table has it. */
export interface TableEntry extends Operator {
  /** The operator's own name. */
  readonly name: string;
}

const BY_NAME: ReadonlyMap<string, TableEntry> = new Map(
  OPERATOR_FAMILIES.flatMap(({ operators }) => Object.entries(operators))
    .flatMap(([name, operator]) => {
      const entry = typeof operator === "function"
        ? { name, convert: operator }
        : { name, ...operator };
      return [name, ...entry.aliases ?? []].map((alias) =>
        [alias, entry] as const
      );
    }),
);

/** Returns the operator of that name or alias, if there is one. */
export function findOperator(name: string): TableEntry | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(/^_sparse_/, ""));
}
