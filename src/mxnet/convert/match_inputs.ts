import { invalidModel, listed, quoted } from "../conversion_error.ts";
import type { ParamFile } from "../params/param_array.ts";
import type { InputFacts, VariableFacts } from "./bind.ts";
import type { CheckpointInput } from "./checkpoint.ts";
import { nearestName } from "../../nearest_name.ts";

/** Inputs under the names that the graph has for them. */
export interface MatchedInputs {
  readonly inputs: readonly InputFacts[];
  readonly warnings: readonly string[];
}

/**
 * Finds the variables that a signature's inputs mean: by name, else by order
 * if there are as many as variables without parameters.
 *
 * @throws {MmsError} `invalid_model` if one is found neither way
 */
export function matchInputs(
  facts: VariableFacts,
  params: ParamFile,
  declared: readonly CheckpointInput[] = [],
): MatchedInputs {
  const names = new Set(declared.map(({ name }) => name));
  if (names.size < declared.length) {
    throw invalidModel(
      "Cannot convert the checkpoint: an input is named twice",
    );
  }
  const useful = declared.filter(({ name }) => !facts.unneeded.has(name));
  const warnings = declared.filter(({ name }) => facts.unneeded.has(name)).map(
    ({ name }) => `input ${quoted(name)} is a label, which inference ignores`,
  );
  const unknown = useful.filter(({ name }) => !facts.needed.has(name));
  if (unknown.length === 0) return { inputs: useful, warnings };
  const open = [...facts.needed].filter((name) =>
    !names.has(name) && !params.arrays.has(name) && !facts.states.has(name)
  );
  if (open.length !== unknown.length) throw noSuchInput(unknown, facts);
  const renamed = new Map(unknown.map(({ name }, i) => [name, open[i]!]));
  return {
    inputs: useful.map((input) => ({
      ...input,
      name: renamed.get(input.name) ?? input.name,
    })),
    warnings: [...warnings, ...[...renamed].map(renameNote)],
  };
}

function renameNote([from, to]: readonly [string, string]): string {
  return `input ${quoted(from)} is not in the graph and taken for ${
    quoted(to)
  }`;
}

function noSuchInput(
  unknown: readonly CheckpointInput[],
  facts: VariableFacts,
): Error {
  const items = unknown.map(({ name }) => {
    const near = nearestName(name, facts.needed);
    return quoted(name) +
      (near === undefined ? "" : ` (nearest: ${quoted(near)})`);
  });
  return invalidModel(
    `Cannot convert the checkpoint: the graph has no input ${listed(items)}`,
  );
}
