import { quoted } from "../conversion_error.ts";
import type { ParamArray, ParamFile } from "../params/param_array.ts";
import type { Binding, VariableFacts } from "./bind.ts";

/** What was found for a variable, and what is odd about it. */
export interface FoundArray {
  readonly binding: Binding;
  readonly warnings: readonly string[];
}

/**
 * Finds the parameter of a variable: by name, in the parts that
 * `mx.rnn.save_rnn_checkpoint` leaves, or under a name without the prefix that
 * old Gluon's `save_params` drops.
 */
export function findArray(
  name: string,
  facts: VariableFacts,
  params: ParamFile,
): FoundArray | undefined {
  const array = params.arrays.get(name);
  if (array !== undefined) {
    return { binding: { kind: "parameter", array }, warnings: [] };
  }
  const parts = gateArrays(name, params) ?? packedArrays(name, params);
  if (parts !== undefined) {
    return { binding: { kind: "packed", arrays: parts }, warnings: [] };
  }
  const short = withoutPrefix(name, facts, params);
  return short && {
    binding: { kind: "parameter", array: short },
    warnings: [`parameter ${quoted(name)} is taken from ${quoted(short.name)}`],
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

/** One prefix has to explain every parameter that the graph needs. */
function withoutPrefix(
  name: string,
  facts: VariableFacts,
  params: ParamFile,
): ParamArray | undefined {
  for (let at = name.indexOf("_"); at >= 0; at = name.indexOf("_", at + 1)) {
    const array = params.arrays.get(name.slice(at + 1));
    if (array === undefined) continue;
    const prefix = name.slice(0, at + 1);
    const explained = [...params.arrays.keys()].every((known) =>
      facts.needed.has(prefix + known)
    );
    if (explained) return array;
  }
  return undefined;
}
