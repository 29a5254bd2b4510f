import type { Dim, Dims } from "./dims.ts";
import { isUnknown } from "./dims.ts";

/**
 * What is found out about extents that a graph leaves open, kept from one walk
 * through the graph to the next: some nodes tell the shapes of their inputs.
 */
export class ExtentFacts {
  readonly #dims = new Map<string, Dim>();
  readonly #shapes = new Map<string, Dims>();
  #changes = 0;

  /** How many facts have been found. */
  get changes(): number {
    return this.#changes;
  }

  /** Returns what an open extent is known to be, at best so far. */
  resolve(dim: Dim): Dim {
    let resolved = dim;
    while (isUnknown(resolved)) {
      const known = this.#dims.get(resolved.unknown);
      if (known === undefined) break;
      resolved = known;
    }
    return resolved;
  }

  /** Returns the shape that a value without one is known to have. */
  shapeOf(source: string): Dims | undefined {
    return this.#shapes.get(source)?.map((dim) => this.resolve(dim));
  }

  /** Notes that two extents are equal. */
  equate(a: Dim, b: Dim): void {
    const [left, right] = [this.resolve(a), this.resolve(b)];
    if (isUnknown(left)) this.#learn(left.unknown, right);
    else if (isUnknown(right)) this.#learn(right.unknown, left);
  }

  /** Notes the shape of a value without one; `undefined` extents stay open. */
  shape(source: string, dims: readonly (Dim | undefined)[]): void {
    if (this.#shapes.has(source)) return;
    this.#shapes.set(
      source,
      dims.map((dim, axis) => dim ?? { unknown: `${source}, axis ${axis}` }),
    );
    this.#changes += 1;
  }

  #learn(unknown: string, dim: Dim): void {
    if (isUnknown(dim) && dim.unknown === unknown) return;
    this.#dims.set(unknown, dim);
    this.#changes += 1;
  }
}
