import type { ElementType } from "../element_type.ts";
import { type Dim, dimKey, type Dims, isFree, isUnknown } from "./dims.ts";
import type { ExtentFacts } from "./extent_facts.ts";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "./model.ts";
import { requirePossible } from "./possible_shape.ts";
import { Value, type ValueFacts } from "./value.ts";

/** What a node is to be. */
export interface NodeFacts {
  /** Types and extents of its outputs; `undefined` leaves one out. */
  readonly outputs: readonly (ValueFacts | undefined)[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** Where an extent can be had when the graph runs. */
export interface DimSource {
  readonly value: Value;
  readonly axis: number;
}

/** An ONNX graph under construction. */
export class GraphBuilder {
  /** What nodes tell about extents that others leave open. */
  readonly facts: ExtentFacts;
  readonly #nodes: OnnxNode[] = [];
  readonly #tensors = new Map<string, OnnxTensor>();
  readonly #constants = new Map<string, Value>();
  /** Names in use, with how many were derived from each. */
  readonly #names = new Map<string, number>([["", 0]]);
  readonly #dimSources = new Map<string, DimSource>();
  readonly #warnings = new Set<string>();
  readonly #sources = new Map<string, Value>();
  #scope = "";

  /** Starts an empty graph. */
  constructor(facts: ExtentFacts) {
    this.facts = facts;
  }

  /** Nodes so far, each after those it needs. */
  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  /** Values that are not made by a node, by name: inputs. */
  get sources(): ReadonlyMap<string, Value> {
    return this.#sources;
  }

  /** Initializers by name. */
  get tensors(): ReadonlyMap<string, OnnxTensor> {
    return this.#tensors;
  }

  /** What the user should know about the graph. */
  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** Names the nodes that follow after a node of MXNet. */
  enter(scope: string): void {
    this.#scope = scope;
  }

  /** Notes something the user should know; once only. */
  warn(message: string): void {
    this.#warnings.add(message);
  }

  /** Reserves a name, so that nothing else in the graph gets it. */
  reserve(name: string): void {
    this.#names.set(name, 0);
  }

  /** Returns a value that is not made by a node: an input. */
  source(name: string, facts: ValueFacts): Value {
    this.reserve(name);
    const value = this.#value(name, facts);
    this.#sources.set(name, value);
    return value;
  }

  /** Returns a value that is already in the graph, seen with other facts. */
  view(value: Value, facts: Partial<ValueFacts>): Value {
    const { type, tensor, fill, source } = value;
    return new Value(this, value.name, {
      type,
      ...(value.determined && { dims: value.dims }),
      ...(tensor && { tensor }),
      ...(fill !== undefined && { fill }),
      ...(source !== undefined && { source }),
      ...facts,
    });
  }

  /** Adds an initializer and returns its value. */
  tensor(tensor: OnnxTensor): Value {
    const name = this.#unique(tensor.name);
    const named = { ...tensor, name };
    this.#tensors.set(name, named);
    return this.#value(name, {
      type: tensor.type,
      dims: tensor.shape,
      tensor: named,
    });
  }

  /** Returns a small constant; equal ones are shared. */
  constant(
    type: ElementType,
    shape: readonly number[],
    content: Uint8Array,
  ): Value {
    const key = `${type}[${shape}]${content.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `constant${this.#constants.size}`;
    const value = this.tensor({ name, type, shape, content });
    this.#constants.set(key, value);
    return value;
  }

  /** Adds a node and returns its outputs. */
  emit(
    operator: string,
    inputs: readonly (Value | undefined)[],
    { outputs, attributes = {} }: NodeFacts,
  ): readonly Value[] {
    for (const output of outputs) requirePossible(output?.dims ?? []);
    const name = this.#unique(`${this.#scope}/${operator}`);
    const names = outputs.map((output, i) =>
      output === undefined ? "" : this.#unique(`${name}:${i}`)
    );
    this.#nodes.push({
      operator,
      name,
      inputs: trimmed(inputs.map((input) => input?.name ?? "")),
      outputs: trimmed(names),
      attributes,
    });
    return outputs.flatMap((facts, i) =>
      facts === undefined ? [] : [this.#value(names[i]!, facts)]
    );
  }

  /** Returns where an extent can be had from; the earliest value that has it. */
  sourceOf(dim: Dim): DimSource | undefined {
    return this.#dimSources.get(dimKey(dim));
  }

  /** Returns all extents that can be had from somewhere. */
  get freeDims(): readonly DimSource[] {
    return [...this.#dimSources.values()];
  }

  #value(name: string, facts: ValueFacts): Value {
    const value = new Value(this, name, facts);
    if (facts.dims !== undefined) this.#register(value, facts.dims);
    return value;
  }

  #register(value: Value, dims: Dims): void {
    for (const [axis, dim] of dims.entries()) {
      if (!isFree(dim) || isUnknown(dim)) continue;
      const key = dimKey(dim);
      if (!this.#dimSources.has(key)) {
        this.#dimSources.set(key, { value, axis });
      }
    }
  }

  #unique(wanted: string): string {
    let name = wanted;
    let copies = this.#names.get(wanted);
    while (this.#names.has(name)) {
      name = `${wanted}~${copies = (copies ?? 0) + 1}`;
    }
    if (copies !== undefined) this.#names.set(wanted, copies);
    this.#names.set(name, 0);
    return name;
  }
}

/** Optional inputs and outputs at the end are left out, not named "". */
function trimmed(names: readonly string[]): readonly string[] {
  const end = names.findLastIndex((name) => name !== "");
  return names.slice(0, end + 1);
}
