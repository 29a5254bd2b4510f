import { ConversionError } from "../../conversion_error.ts";
import {
  arg,
  cast,
  compare,
  concat,
  constantOf,
  div,
  gatherNd,
  matmul,
  mul,
  reshape,
  scalar,
  slice,
  sub,
  transposeLast,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { type Dims, fixedDim, productOf, sameDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";

/** Every step is some nodes: larger matrices would make graphs too large. */
const MAX_SIZE = 256;

/**
 * Returns the size of square matrices.
 *
 * @throws {ConversionError} if they are not square, or too large
 */
export function squareSize(x: Value): number {
  if (x.rank < 2 || !sameDim(x.dims.at(-1)!, x.dims.at(-2)!)) {
    throw new ConversionError("it takes square matrices");
  }
  const size = fixedDim(x.dims.at(-1)!, "the size of the matrices");
  if (size <= MAX_SIZE) return size;
  throw new ConversionError(
    `matrices of ${size} × ${size} are too large, ${MAX_SIZE} is the most`,
  );
}

/** Computes on float64 batches of matrices, [batch, rows, columns]. */
export function precisely(
  x: Value,
  compute: (matrices: Value, head: Dims) => Value,
): Value {
  const head = x.dims.slice(0, -2);
  const flat = reshape(x, [productOf(head), ...x.dims.slice(-2)]);
  const result = compute(cast(flat, "float64"), head);
  return cast(reshape(result, [...head, ...result.dims.slice(1)]), x.type);
}

const rowOf = (x: Value, row: number) =>
  slice(x, [{ axis: 1, begin: row, end: row + 1 }]);

const columnOf = (x: Value, column: number) =>
  slice(x, [{ axis: 2, begin: column, end: column + 1 }]);

function rowNumbers(x: Value, shape: readonly number[]): Value {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const numbers = Array.from({ length: size }, (_, i) => i);
  return constantOf(x.graph, { type: "int64", shape, numbers });
}

/**
 * Returns A⁻¹B by elimination with row pivots.
 *
 * @param a [batch, n, n]
 * @param b [batch, n, columns]
 */
export function solved(a: Value, b: Value): Value {
  const size = a.dims[1] as number;
  let joined = concat([a, b], 2);
  for (let step = 0; step < size; step++) {
    const x = pivoted(joined, step);
    const pivot = rowOf(x, step);
    const scaled = div(pivot, columnOf(pivot, step));
    const rest = sub(x, mul(columnOf(x, step), scaled));
    const here = scalar(int64Row(x), step);
    const isPivot = compare("Equal", rowNumbers(x, [size, 1]), here);
    joined = where(isPivot, scaled, rest);
  }
  return slice(joined, [{ axis: 2, begin: size }]);
}

function int64Row(x: Value): Value {
  return rowNumbers(x, [1]);
}

/** Brings the row with the largest element of a column up to its place. */
function pivoted(x: Value, step: number): Value {
  const size = x.dims[1] as number;
  if (step === size - 1) return x;
  const left = slice(x, [
    { axis: 1, begin: step },
    { axis: 2, begin: step, end: step + 1 },
  ]);
  const below = arg("ArgMax", unary("Abs", left), 1);
  const at = scalar(below, step);
  const chosen = reshape(below, [x.dims[0]!, 1]);
  const other = sub(chosen, scalar(chosen, -step));
  const rows = rowNumbers(x, [1, size]);
  const swapped = where(
    compare("Equal", rows, at),
    other,
    where(compare("Equal", rows, other), at, rows),
  );
  return gatherNd(x, unsqueeze(swapped, [2]), { depth: 1, batched: 1 });
}

/** Returns L with L·Lᵀ = A, from the lower triangle of A. */
export function choleskyOf(a: Value): Value {
  const size = a.dims[1] as number;
  const columns: Value[] = [];
  let rest = a;
  for (let step = 0; step < size; step++) {
    const column = columnOf(rest, step);
    const root = unary("Sqrt", rowOf(column, step));
    const rows = rowNumbers(a, [size, 1]);
    const isAbove = compare("Less", rows, scalar(rows, step));
    const made = where(isAbove, scalar(a, 0), div(column, root));
    columns.push(made);
    rest = sub(rest, matmul(made, transposeLast(made)));
  }
  return concat(columns, 2);
}

/** Returns L⁻¹B, row by row, for a lower triangle L. */
export function substituted(lower: Value, b: Value): Value {
  const size = lower.dims[1] as number;
  const rows: Value[] = [];
  for (let step = 0; step < size; step++) {
    const given = rowOf(b, step);
    const factors = rowOf(lower, step);
    const known = step === 0 ? given : sub(
      given,
      matmul(
        slice(factors, [{ axis: 2, begin: 0, end: step }]),
        concat(rows, 1),
      ),
    );
    rows.push(div(known, columnOf(factors, step)));
  }
  return concat(rows, 1);
}
