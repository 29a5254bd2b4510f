import { quoted } from "../conversion_error.ts";
import type { ParamArray, ParamFile } from "../params/param_array.ts";
import type { FoundBinding, VariableFacts } from "./bind.ts";

/**
 * Returns what finds the parameter of a variable: by name, in the parts that
 * `mx.rnn.save_rnn_checkpoint` leaves, or under a name without the prefix that
 * old Gluon's `save_params` drops.
 */
export function storedArrays(
  facts: VariableFacts,
  params: ParamFile,
): (name: string) => FoundBinding | undefined {
  const prefix = lostPrefix(facts, params);
  return (name) => {
    const array = params.arrays.get(name);
    if (array !== undefined) return { binding: { kind: "parameter", array } };
    const arrays = gateArrays(name, params) ?? packedArrays(name, params);
    if (arrays !== undefined) return { binding: { kind: "packed", arrays } };
    const short = prefix !== undefined && name.startsWith(prefix)
      ? params.arrays.get(name.slice(prefix.length))
      : undefined;
    return short && {
      binding: { kind: "parameter", array: short },
      warning: `parameter ${quoted(name)} is taken from ${quoted(short.name)}`,
    };
  };
}

/** Gates by cell, in the order in which fused weights hold them. */
const GATES: readonly (readonly string[])[] = [
  ["_i", "_f", "_c", "_o"],
  ["_r", "_z", "_o"],
];

/** `lstm_l0_i2h_weight` from `lstm_l0_i2h_i_weight`, … */
function gateArrays(
  name: string,
  params: ParamFile,
): readonly ParamArray[] | undefined {
  const parts = /^(.*[ih]2h)_(weight|bias)$/.exec(name);
  if (parts === null) return undefined;
  const [, cell, kind] = parts;
  return allOf(
    GATES.map((gates) => gates.map((gate) => `${cell}${gate}_${kind}`)),
    params,
  );
}

/** `lstm_parameters` from `lstm_l0_i2h_i_weight`, … : weights, then biases. */
function packedArrays(
  name: string,
  params: ParamFile,
): readonly ParamArray[] | undefined {
  const prefix = /^(.*)parameters$/.exec(name)?.[1];
  if (prefix === undefined) return undefined;
  const found: ParamArray[] = [];
  for (const kind of ["weight", "bias"]) {
    for (let layer = 0;; layer++) {
      const cells = ["l", "r"].flatMap((direction) =>
        ["i2h", "h2h"].map((part) =>
          cellArrays(`${prefix}${direction}${layer}_${part}`, kind, params)
        )
      );
      if (cells[0] === undefined) break;
      found.push(...cells.flatMap((cell) => cell ?? []));
    }
  }
  return found.length === 0 ? undefined : found;
}

function cellArrays(
  cell: string,
  kind: string,
  params: ParamFile,
): readonly ParamArray[] | undefined {
  const gates = [...GATES, [""]];
  return allOf(
    gates.map((names) => names.map((gate) => `${cell}${gate}_${kind}`)),
    params,
  );
}

/** Returns the arrays of the first list of names that are all there. */
function allOf(
  lists: readonly (readonly string[])[],
  params: ParamFile,
): readonly ParamArray[] | undefined {
  for (const names of lists) {
    const arrays = names.map((name) => params.arrays.get(name));
    if (arrays.every((array) => array !== undefined)) return arrays;
  }
  return undefined;
}

const MAX_PREFIXES = 20;

/** Returns the one prefix that makes every parameter one that is needed. */
function lostPrefix(
  { needed }: VariableFacts,
  { arrays }: ParamFile,
): string | undefined {
  const names = [...arrays.keys()];
  const [first] = names;
  if (first === undefined || needed.has(first)) return undefined;
  return [...needed].filter((name) => name.endsWith(`_${first}`))
    .slice(0, MAX_PREFIXES)
    .map((name) => name.slice(0, -first.length))
    .find((prefix) => names.every((name) => needed.has(prefix + name)));
}
