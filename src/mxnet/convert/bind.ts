import { invalidModel, listed, quoted } from "../conversion_error.ts";
import type { ParamArray, ParamFile } from "../params/param_array.ts";
import type { CheckpointInput } from "./checkpoint.ts";
import { matchInputs } from "./match_inputs.ts";
import { nearest } from "./nearest.ts";
import { findArray } from "./find_array.ts";

/** What a variable of the graph stands for. */
export type Binding =
  /** Fed in every run; without a shape it follows from the graph. */
  | { readonly kind: "input"; readonly input: InputFacts }
  | { readonly kind: "parameter"; readonly array: ParamArray }
  /** Joined along axis 0 from the parts a recurrent cell was saved in. */
  | { readonly kind: "packed"; readonly arrays: readonly ParamArray[] }
  /** One number everywhere; the shape follows from the graph. */
  | { readonly kind: "filled"; readonly number: number };

/** What is known of an input before the graph is looked at. */
export type InputFacts =
  & Pick<CheckpointInput, "name">
  & Partial<Pick<CheckpointInput, "shape" | "dataType">>;

/** What the symbol says about its variables. */
export interface VariableFacts {
  /** Needed for inference, in the graph's order. */
  readonly needed: ReadonlySet<string>;
  /** In the graph, but of no use to inference: labels. */
  readonly unneeded: ReadonlySet<string>;
  /** Initial states of recurrent layers. */
  readonly states: ReadonlySet<string>;
  /** What `__init__` fills a variable with. */
  readonly initial: ReadonlyMap<string, number>;
}

/** What all variables stand for. */
export interface Bindings {
  readonly variables: ReadonlyMap<string, Binding>;
  /** Variables that are fed, in the order they are to have. */
  readonly inputs: readonly InputFacts[];
  readonly warnings: readonly string[];
}

/**
 * Returns what each variable stands for.
 *
 * @throws {MmsError} `invalid_model` naming all that stand for nothing, each
 * with the parameter whose name is nearest
 */
export function bindVariables(
  facts: VariableFacts,
  params: ParamFile,
  declared: readonly CheckpointInput[] | undefined,
): Bindings {
  const matched = matchInputs(facts, params, declared);
  const variables = new Map<string, Binding>();
  const inputs = [...matched.inputs];
  const warnings = [...params.warnings, ...matched.warnings];
  const missing: string[] = [];
  for (const name of facts.needed) {
    const input = inputs.find((known) => known.name === name);
    const stored = input === undefined
      ? findArray(name, facts, params)
      : undefined;
    if (input !== undefined) variables.set(name, { kind: "input", input });
    else if (stored !== undefined) {
      variables.set(name, stored.binding);
      warnings.push(...stored.warnings);
    } else if (facts.states.has(name)) {
      variables.set(name, { kind: "filled", number: 0 });
    } else if (fillOf(name, facts) !== undefined) {
      const number = fillOf(name, facts)!;
      variables.set(name, { kind: "filled", number });
      warnings.push(
        `parameter ${quoted(name)} is missing and taken as ${number}`,
      );
    } else if (declared === undefined && !looksLikeParameter(name)) {
      const found = { name };
      inputs.push(found);
      variables.set(name, { kind: "input", input: found });
    } else missing.push(name);
  }
  requireNoneMissing(missing, params);
  return { variables, inputs, warnings };
}

/** By suffix, what MXNet's initializers give normalisation layers. */
const FILLS: readonly (readonly [RegExp, number])[] = [
  [/(moving|running)_mean$/, 0],
  [/(moving|running)_var$/, 1],
  [/_gamma$/, 1],
  [/_beta$/, 0],
];

function fillOf(name: string, facts: VariableFacts): number | undefined {
  return facts.initial.get(name) ??
    FILLS.find(([pattern]) => pattern.test(name))?.[1];
}

function looksLikeParameter(name: string): boolean {
  return /(weight|bias|gamma|beta|parameters)$/.test(name);
}

function requireNoneMissing(
  missing: readonly string[],
  params: ParamFile,
): void {
  if (missing.length === 0) return;
  const names = [...params.arrays.keys()];
  const gluon = names.some((name) => /\.\w+$/.test(name)) &&
    !missing.some((name) => name.includes("."));
  const items = missing.slice(0, 20).map((name) => {
    const near = nearest(name, names);
    return near === undefined
      ? quoted(name)
      : `${quoted(name)} (nearest: ${quoted(near)})`;
  });
  const advice = gluon
    ? "; this is a file of Gluon's save_parameters, export the network with HybridBlock.export"
    : "";
  throw invalidModel(
    `Cannot convert the checkpoint: the graph needs ${
      listed([...items, ...missing.slice(20)])
    } and ${quoted(params.fileName)} lacks them${advice}`,
  );
}
