import { invalidModel, listed, quoted } from "../conversion_error.ts";
import type { ParamArray, ParamFile } from "../params/param_array.ts";
import type { CheckpointInput } from "./checkpoint.ts";
import { matchInputs } from "./match_inputs.ts";
import { nearestName } from "../../nearest_name.ts";
import { storedArrays } from "./stored_arrays.ts";

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

/** What was found for a variable, and what is odd about it. */
export interface FoundBinding {
  readonly binding: Binding;
  readonly warning?: string;
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
  const inputs = new Map(matched.inputs.map((input) => [input.name, input]));
  const variables = new Map<string, Binding>();
  const warnings = [...params.warnings, ...matched.warnings];
  const missing: string[] = [];
  const stored = storedArrays(facts, params);
  for (const name of facts.needed) {
    const input = inputs.get(name);
    const found = input === undefined
      ? stored(name) ?? substitute(name, facts)
      : { binding: { kind: "input", input } as const };
    if (found !== undefined) {
      variables.set(name, found.binding);
      if (found.warning !== undefined) warnings.push(found.warning);
    } else if (declared === undefined && !looksLikeParameter(name)) {
      inputs.set(name, { name });
      variables.set(name, { kind: "input", input: { name } });
    } else missing.push(name);
  }
  requireNoneMissing(missing, params);
  warnings.push(...extraWarnings(variables, facts, params));
  return { variables, inputs: [...inputs.values()], warnings };
}

/** Names the parameters that the graph has no use for: often misspelt ones. */
function extraWarnings(
  variables: ReadonlyMap<string, Binding>,
  { needed, unneeded }: VariableFacts,
  params: ParamFile,
): readonly string[] {
  const used = new Set([...variables.values()].flatMap(arraysOf));
  const extra = [...params.arrays]
    .filter(([name, array]) => !used.has(array) && !unneeded.has(name))
    .map(([name]) => name);
  if (extra.length === 0) return [];
  return [
    `the graph does not use ${listed(withNearest(extra, [...needed]))} of ${
      quoted(params.fileName)
    }`,
  ];
}

function arraysOf(binding: Binding): readonly ParamArray[] {
  if (binding.kind === "parameter") return [binding.array];
  return binding.kind === "packed" ? binding.arrays : [];
}

const MOST_NAMED = 20;

/** Returns names, quoted, the first of them with the nearest of `others`. */
function withNearest(
  names: readonly string[],
  others: readonly string[],
): readonly string[] {
  const items = names.slice(0, MOST_NAMED).map((name) => {
    const near = nearestName(name, others);
    return near === undefined
      ? quoted(name)
      : `${quoted(name)} (nearest: ${quoted(near)})`;
  });
  return [...items, ...names.slice(MOST_NAMED)];
}

/** What stands in for a variable that is neither fed nor stored. */
function substitute(
  name: string,
  facts: VariableFacts,
): FoundBinding | undefined {
  if (facts.states.has(name)) return { binding: { kind: "filled", number: 0 } };
  const number = fillOf(name, facts);
  return number === undefined ? undefined : {
    binding: { kind: "filled", number },
    warning: `parameter ${quoted(name)} is missing and taken as ${number}`,
  };
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
  const advice = gluon
    ? "; this is a file of Gluon's save_parameters, export the network with HybridBlock.export"
    : "";
  throw invalidModel(
    `Cannot convert the checkpoint: the graph needs ${
      listed(withNearest(missing, names))
    } and ${quoted(params.fileName)} lacks them${advice}`,
  );
}
