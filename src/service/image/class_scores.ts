import { numbersOf, type Tensor, topK } from "../../tensor/mod.ts";

/** One class and its score, in the order of the original's answers. */
export interface ClassScore {
  /** The graph's number, or what softmax makes of it. */
  readonly probability: number;
  /** The label, or the number of the class where there is none. */
  readonly class: string;
}

/**
 * How classes are answered with, as the original's services differ: `ranked`:
 * a list of them; `rows`: one such list for each row of the output, in a list;
 * `words`: a list in which the second word of a label is the class, and comes
 * before the probability.
 */
export type ClassForm = "ranked" | "rows" | "words";

/**
 * Returns one score for each class, if that is what an output holds: it has the
 * shape `[1, classes]`, maybe with further extents of 1.
 */
export function classScores(output: Tensor): ArrayLike<number> | undefined {
  const [rows, classes, ...rest] = output.shape;
  const isRow = rows === 1 && classes !== undefined && classes > 0 &&
    rest.every((extent) => extent === 1);
  return isRow && output.type.startsWith("float")
    ? numbersOf(output)
    : undefined;
}

/** Returns the `top` classes with the highest scores, highest first. */
export function rankClasses(
  scores: ArrayLike<number>,
  labels: readonly string[],
  top: number,
): readonly ClassScore[] {
  return topK(scores, top).map((index) => ({
    probability: scores[index]!,
    class: labels[index] ?? String(index),
  }));
}

/** Returns ranked classes in the form in which they are answered with. */
export function formClasses(
  ranked: readonly ClassScore[],
  form: ClassForm,
): unknown {
  switch (form) {
    case "ranked":
      return ranked;
    case "rows":
      return [ranked];
    case "words":
      return ranked.map(({ class: label, probability }) => ({
        class: label.split(/\s+/)[1] ?? label,
        probability,
      }));
  }
}
