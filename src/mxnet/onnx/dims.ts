import {
  ConversionError,
  FreeExtentError,
  UndeterminedError,
} from "../conversion_error.ts";

/**
 * An extent that differs from run to run. It is known by the values it takes
 * in a few imagined runs, so that any arithmetic on extents works on it.
 */
export interface FreeDim {
  /** One value per imagined run; not all are equal. */
  readonly probes: readonly number[];
}

/** An extent that follows from nodes not looked at yet. */
export interface UnknownDim {
  /** Whose extent, and which of them. */
  readonly unknown: string;
}

/** One extent of a value in a graph. */
export type Dim = number | FreeDim | UnknownDim;

/** The extents of a value in a graph, outermost first. */
export type Dims = readonly Dim[];

/** Returns the extent that takes these values; a number if they are equal. */
export function dimOf(probes: readonly number[]): Dim {
  const first = probes[0] ?? 0;
  return probes.every((value) => value === first) ? first : { probes };
}

/** Returns whether the extent differs from run to run. */
export function isFree(dim: Dim): dim is FreeDim {
  return typeof dim === "object" && "probes" in dim;
}

/** Returns whether the extent is not determined yet. */
export function isUnknown(dim: Dim): dim is UnknownDim {
  return typeof dim === "object" && "unknown" in dim;
}

/** Returns whether two extents are equal in every run. */
export function sameDim(a: Dim, b: Dim): boolean {
  return dimKey(a) === dimKey(b);
}

/** Returns a text that equal extents share. */
export function dimKey(dim: Dim): string {
  if (isFree(dim)) return dim.probes.join("|");
  return isUnknown(dim) ? `?${dim.unknown}` : String(dim);
}

/**
 * Returns an extent computed from others, run by run.
 *
 * @throws {UndeterminedError} if one of them is not determined yet
 * @throws {ConversionError} if the result is not a whole number
 */
export function computeDim(
  formula: (...extents: number[]) => number,
  ...dims: Dims
): Dim {
  const free = dims.find(isFree);
  const runs = free?.probes.length ?? 1;
  const values = Array.from(
    { length: runs },
    (_, run) => formula(...dims.map((dim) => valueInRun(dim, run))),
  );
  const odd = values.find((value) => !Number.isSafeInteger(value));
  if (odd === undefined) return dimOf(values);
  throw new ConversionError(`an extent would be ${odd}, which is not whole`);
}

function valueInRun(dim: Dim | undefined, run: number): number {
  if (typeof dim === "number") return dim;
  if (dim === undefined) throw tooFewAxes();
  if (isFree(dim)) return dim.probes[run]!;
  throw new UndeterminedError(`the extent of ${dim.unknown} does not follow`);
}

/** Operators look for axes where a well-formed graph has them. */
function tooFewAxes(): Error {
  return new ConversionError(
    "an input has fewer axes than it would have to have",
  );
}

/** Returns the product of extents, 1 for none. */
export function productOf(dims: Dims): Dim {
  return computeDim((...d) => d.reduce((a, b) => a * b, 1), ...dims);
}

/** Returns the sum of extents. */
export function sumOf(dims: Dims): Dim {
  return computeDim((...d) => d.reduce((a, b) => a + b, 0), ...dims);
}

/**
 * Returns an extent as a number; `what` names it in the error.
 *
 * @throws {FreeExtentError} if it differs from run to run
 * @throws {UndeterminedError} if it is not determined yet
 */
export function fixedDim(dim: Dim | undefined, what: string): number {
  if (typeof dim === "number") return dim;
  if (dim === undefined) throw tooFewAxes();
  if (isFree(dim)) throw new FreeExtentError(`${what} has to be fixed`);
  throw new UndeterminedError(`${what} does not follow from the graph`);
}

/** Returns extents as numbers. */
export function fixedDims(dims: Dims, what: string): readonly number[] {
  return dims.map((dim) => fixedDim(dim, what));
}

/**
 * Returns whether a fact holds of an extent in every run.
 *
 * @throws {FreeExtentError} if it holds in some runs only
 */
export function holds(dim: Dim, fact: (extent: number) => boolean): boolean {
  const truth = computeDim((extent) => fact(extent) ? 1 : 0, dim);
  return fixedDim(truth, "an extent that decides the shape of a result") === 1;
}

/** Returns extents for messages: `[any, 3, 224, 224]`. */
export function showDims(dims: Dims): string {
  return `[${dims.map(showDim).join(", ")}]`;
}

function showDim(dim: Dim): string {
  if (isFree(dim)) return "any";
  return isUnknown(dim) ? "?" : String(dim);
}

/**
 * Returns an axis counted from the front.
 *
 * @throws {ConversionError} if a value of that rank does not have it
 */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive >= 0 && positive < rank) return positive;
  throw new ConversionError(`axis ${axis} does not exist, the rank is ${rank}`);
}
