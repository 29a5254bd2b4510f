import type { Tensor } from "../../../tensor/mod.ts";
import { requireArgument, requireNumbers, requireTensor } from "./arguments.ts";
import { kindOf } from "./kind_of.ts";

const TOP_INDICES = "topIndices(values, count)";
const TOP_CLASSES = "topClasses(tensor, labels, count)";

/** A class and how likely it is. */
export interface ClassProbability {
  /** The label's line, without an ImageNet id where it begins with one. */
  readonly class: string;
  /** 0 to 1, where the graph gives probabilities. */
  readonly probability: number;
}

/** Returns probabilities for logits: exp(x − max), divided by their sum. */
export function softmax(values: ArrayLike<number>): Float32Array {
  requireNumbers("softmax(values)", values);
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
  requireNumbers(TOP_INDICES, values);
  requireCount(TOP_INDICES, count);
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
  requireTensor(TOP_CLASSES, tensor);
  requireArgument(
    TOP_CLASSES,
    Array.isArray(labels),
    `labels must be an array, not ${kindOf(labels)}`,
  );
  requireCount(TOP_CLASSES, count);
  const values = Array.from(tensor.data as ArrayLike<number>, Number);
  return topIndices(values, count).map((i) => ({
    class: labels[i] ?? String(i),
    probability: values[i]!,
  }));
}

function requireCount(call: string, count: unknown): void {
  const isRight = typeof count === "number" && count >= 0;
  const wrong = `count must be a number, not ${kindOf(count)}`;
  requireArgument(call, isRight, wrong);
}
