import { ConversionError } from "../../conversion_error.ts";
import { computeDim, type Dim, type Dims, productOf } from "../../onnx/dims.ts";

/**
 * Returns the extents that Reshape's codes ask for: 0 copies an extent, −1
 * follows from the others, −2 copies the rest, −3 joins two, −4 splits one in
 * the two that follow it (`InferReshapeShape` in MXNet's matrix_op-inl.h).
 */
export function resolveCodes(
  source: Dims,
  codes: readonly number[],
  reverse: boolean,
): Dims {
  if (!reverse) return resolveForward(source, codes);
  return resolveForward(source.toReversed(), codes.toReversed()).toReversed();
}

function resolveForward(source: Dims, codes: readonly number[]): Dims {
  const result: Dim[] = [];
  const left = [...source];
  let open: number | undefined;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code > 0) {
      result.push(code);
      left.shift();
    } else if (code === 0) result.push(next(left, codes));
    else if (code === -1) {
      if (open !== undefined) throw new ConversionError("shape has two −1");
      open = result.push(1) - 1;
      left.shift();
    } else if (code === -2) result.push(...left.splice(0));
    else if (code === -3) {
      result.push(productOf([next(left, codes), next(left, codes)]));
    } else if (code === -4) {
      result.push(...halves(next(left, codes), codes[i + 1], codes[i + 2]));
      i += 2;
    } else throw new ConversionError(`shape has the code ${code}`);
  }
  return open === undefined ? result : result.with(open, rest(source, result));
}

function next(left: Dim[], codes: readonly number[]): Dim {
  const dim = left.shift();
  if (dim !== undefined) return dim;
  throw new ConversionError(
    `shape (${codes.join(", ")}) uses more extents than its input has`,
  );
}

function halves(
  dim: Dim,
  first: number | undefined,
  second: number | undefined,
): readonly Dim[] {
  if (first === undefined || second === undefined) {
    throw new ConversionError("code −4 in shape needs two extents after it");
  }
  const other = (known: number) => dividedBy(dim, known);
  if (first === -1) return [other(second), second];
  return [first, second === -1 ? other(first) : second];
}

function dividedBy(dim: Dim, divisor: Dim): Dim {
  return computeDim(
    (extent, by) => {
      if (by > 0 && extent % by === 0) return extent / by;
      throw new ConversionError(`${extent} elements cannot be split by ${by}`);
    },
    dim,
    divisor,
  );
}

/** The extent of −1. */
function rest(source: Dims, result: Dims): Dim {
  return dividedBy(productOf(source), productOf(result));
}

/**
 * Returns the extents of the attribute that Reshape had before codes: one 0
 * follows from the others.
 */
export function resolveTarget(
  source: Dims,
  target: readonly number[],
  keepHighest: boolean,
): Dims {
  const kept: Dims = keepHighest
    ? [source[0] ?? 1, ...target.slice(1)]
    : target;
  const open = kept.indexOf(0);
  if (open < 0) return kept;
  if (kept.lastIndexOf(0) !== open) {
    throw new ConversionError("target_shape has two 0");
  }
  return kept.with(open, rest(source, kept.with(open, 1)));
}
