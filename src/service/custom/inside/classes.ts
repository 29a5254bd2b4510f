import type { Tensor } from "../../../tensor/mod.ts";

/** A class and how likely it is. */
export interface ClassProbability {
  /** The label's line, without an ImageNet id where it begins with one. */
  readonly class: string;
  /** 0 to 1, where the graph gives probabilities. */
  readonly probability: number;
}

/** Returns probabilities for logits: exp(x − max), divided by their sum. */
export function softmax(values: ArrayLike<number>): Float32Array {
  const array = Float32Array.from(values);
  const max = array.reduce((a, b) => Math.max(a, b), -Infinity);
  const exps = array.map((value) => Math.exp(value - max));
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((value) => value / sum);
}

/** Returns the places of the `count` greatest values, the greatest first. */
export function topIndices(
  values: ArrayLike<number>,
  count: number,
): readonly number[] {
  const places = Array.from(values, (_, i) => i);
  places.sort((a, b) => values[b]! - values[a]! || a - b);
  return places.slice(0, count);
}

/** Returns the classes of a tensor `[1, classes]` that are most likely. */
export function topClasses(
  tensor: Tensor,
  labels: readonly string[],
  count: number,
): readonly ClassProbability[] {
  const values = Array.from(tensor.data as ArrayLike<number>, Number);
  return topIndices(values, count).map((i) => ({
    class: labels[i] ?? String(i),
    probability: values[i]!,
  }));
}
