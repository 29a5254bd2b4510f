import { roundHalfEven } from "./round.ts";

/** What each position of a target row or column is made of: four neighbours. */
export interface Taps {
  /** `[target]`: the source position of the first; may lie outside by 2. */
  readonly starts: Int32Array;
  /** `[target, 4]`: weights × 2048, their sum about 2048. */
  readonly weights: Int16Array;
}

/** How the weights of four neighbours are found. */
export type TapKind = "cubic" | "linear" | "area";

/** One position between two source pixels. */
interface Split {
  /** The source position to the left. */
  readonly left: number;
  /** How far beyond it, 0 to 1, in float32. */
  readonly beyond: number;
}

const WEIGHT_ONE = 2048;
const CACHED_TABLES = 64;

const tables = new Map<string, Taps>();

/**
 * Returns the taps from `source` to `target` pixels, by OpenCV's arithmetic:
 * positions and weights in float32, weights rounded to 11 bits. Of the tables
 * made, the most recent are kept. `area` is what OpenCV enlarges by when asked
 * for area: linear, with every source pixel kept whole where it can be.
 */
export function taps(source: number, target: number, kind: TapKind): Taps {
  const key = `${kind} ${source} ${target}`;
  const table = tables.get(key) ?? makeTaps(source, target, kind);
  tables.delete(key);
  tables.set(key, table);
  if (tables.size > CACHED_TABLES) {
    const [oldest] = tables.keys();
    tables.delete(oldest!);
  }
  return table;
}

function makeTaps(source: number, target: number, kind: TapKind): Taps {
  const starts = new Int32Array(target);
  const weights = new Int16Array(4 * target);
  const split = kind === "area" ? borderSplit : centreSplit;
  const weigh = kind === "cubic" ? cubicWeights : linearWeights;
  for (let i = 0; i < target; i++) {
    const { left, beyond } = split(i, source, target);
    starts[i] = left - 1;
    weights.set(
      weigh(beyond).map((w) => roundHalfEven(f(w * WEIGHT_ONE))),
      4 * i,
    );
  }
  return { starts, weights };
}

/** Returns source pixels per target pixel, computed as OpenCV does. */
export function scaleOf(source: number, target: number): number {
  return 1 / (target / source);
}

/** Aligns the centres of pixels. */
function centreSplit(i: number, source: number, target: number): Split {
  const at = f((i + 0.5) * scaleOf(source, target) - 0.5);
  const left = Math.floor(at);
  return { left, beyond: f(at - left) };
}

/** Aligns the borders of pixels. */
function borderSplit(i: number, source: number, target: number): Split {
  const left = Math.floor(i * scaleOf(source, target));
  const beyond = f((i + 1) - (left + 1) * (target / source));
  return { left, beyond: beyond <= 0 ? 0 : f(beyond - Math.floor(beyond)) };
}

function linearWeights(beyond: number): readonly number[] {
  return [0, f(1 - beyond), beyond, 0];
}

/**
 * Weights of the cubic convolution kernel with a = −0.75 (R. Keys, 1981), each
 * operation rounded to float32 in OpenCV's order; the last is what is left.
 */
function cubicWeights(beyond: number): readonly number[] {
  const first = outerCubic(f(beyond + 1));
  const second = innerCubic(beyond);
  const third = innerCubic(f(1 - beyond));
  return [first, second, third, f(f(f(1 - first) - second) - third)];
}

/** `a x³ − 5a x² + 8a x − 4a` with a = −0.75, for x from 1 to 2. */
function outerCubic(x: number): number {
  return f(f(f(f(f(f(-0.75 * x) + 3.75) * x) - 6) * x) + 3);
}

/** `(a + 2) x³ − (a + 3) x² + 1` with a = −0.75, for x from 0 to 1. */
function innerCubic(x: number): number {
  return f(f(f(f(f(1.25 * x) - 2.25) * x) * x) + 1);
}

/** Rounds to float32. */
const f = Math.fround;
