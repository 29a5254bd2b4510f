import { type Dim, dimOf } from "../onnx/dims.ts";
import type { InputFacts } from "./bind.ts";

/** How one attempt at a conversion treats extents that the signature leaves. */
export interface Attempt {
  /** Whether axis 0 of the inputs stays open. */
  readonly free: boolean;
  /** The size of axis 0 where it is not given; 0 if any. */
  readonly batch: number;
  /** Whether other open extents are imagined as multiples of 64. */
  readonly rounded: boolean;
}

const OTHER_BATCHES = [3, 5, 7];
/** What is so for one item has to be so for many. */
const FIRST_BATCH = 1;
const ODD_EXTENTS = [161, 166, 203, 288];
const ROUND_EXTENTS = [192, 256, 448, 704];

/**
 * Returns the extents of an input, open ones with the values they take in a
 * few imagined runs.
 *
 * @param position counts inputs, so that their open extents differ
 */
export function dimsOfInput(
  shape: readonly number[],
  { free, batch, rounded }: Attempt,
  position: number,
): readonly Dim[] {
  return shape.map((extent, axis) => {
    if (axis === 0 && free) return batchDim(batch);
    if (axis === 0) return extent === 0 ? batch : extent;
    if (extent !== 0) return extent;
    const [values, step] = rounded ? [ROUND_EXTENTS, 64] : [ODD_EXTENTS, 41];
    const offset = (position * 8 + axis) * step;
    return dimOf(values.map((value) => value + offset));
  });
}

/** The declared size comes first: what is so in that run has to be right. */
function batchDim(declared: number): Dim {
  const first = declared === 0 ? FIRST_BATCH : declared;
  return dimOf([first, ...OTHER_BATCHES.map((n) => n === first ? 11 : n)]);
}

/** Returns the batch that the inputs declare, 0 if any, or their conflict. */
export function declaredBatch(
  inputs: readonly InputFacts[],
): { readonly size: number; readonly conflict: boolean } {
  const sizes = inputs.flatMap(({ shape }) => shape?.[0] ?? [])
    .filter((size) => size !== 0);
  const [size = 0] = sizes;
  return { size, conflict: sizes.some((other) => other !== size) };
}
