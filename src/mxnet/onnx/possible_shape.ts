import { ConversionError } from "../conversion_error.ts";
import { type Dims, isFree, isUnknown, showDims } from "./dims.ts";

const MAX_ELEMENTS = 2 ** 31;

/**
 * Refuses shapes that no tensor can have, or hardly any memory.
 *
 * @throws {ConversionError} if an extent is negative or the whole too large
 */
export function requirePossible(dims: Dims): void {
  const runs = dims.filter((dim) => !isUnknown(dim)).map((dim) =>
    isFree(dim) ? dim.probes : [dim as number] // neither free nor unknown
  );
  const count = runs.reduce((product, [first = 1]) => product * first, 1);
  const whole = runs.flat().every((n) => Number.isSafeInteger(n) && n >= 0);
  if (whole && count <= MAX_ELEMENTS) return;
  throw new ConversionError(`its result would have shape ${showDims(dims)}`);
}
