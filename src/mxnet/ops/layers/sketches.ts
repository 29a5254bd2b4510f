import { ConversionError } from "../../conversion_error.ts";
import {
  asIndices,
  cast,
  compare,
  constantOf,
  matmul,
  mul,
  reshape,
  unsqueeze,
} from "../../emit/emit.ts";
import { fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Products with fixed matrices, which MXNet computes on GPUs only. */
export const sketches: OperatorFamily = {
  title: "Transforms",
  operators: {
    _contrib_fft: spectrum,
    _contrib_ifft: fromSpectrum,
    _contrib_count_sketch: {
      convert: countSketch,
      inputs: ["data", "h", "s"],
    },
  },
};

const MAX_LENGTH = 2048;

function lengthOf(x: Value): number {
  const length = fixedDim(x.dims.at(-1)!, "the length of a row");
  if (length >= 1 && length <= 2 * MAX_LENGTH) return length;
  throw new ConversionError(
    `rows have ${length} elements, ${MAX_LENGTH} are the most`,
  );
}

function matrixOf(
  x: Value,
  [rows, columns]: readonly [number, number],
  cell: (row: number, column: number) => number,
): Value {
  const numbers = Array.from(
    { length: rows * columns },
    (_, i) => cell(Math.floor(i / columns), i % columns),
  );
  const value = constantOf(x.graph, {
    type: "float32",
    shape: [rows, columns],
    numbers,
  });
  return cast(value, x.type);
}

/** Angles are taken modulo the length, where they are exact. */
const angle = (a: number, b: number, length: number) =>
  2 * Math.PI * (a * b % length) / length;

/** Real rows as rows of real and imaginary parts in turn. */
function spectrum(call: OperatorCall): Value {
  const x = input(call, 0);
  const length = lengthOf(x);
  const matrix = matrixOf(x, [length, 2 * length], (at, column) => {
    const turn = angle(at, Math.floor(column / 2), length);
    return column % 2 === 0 ? Math.cos(turn) : -Math.sin(turn);
  });
  return multiplied(x, matrix);
}

/** The real part of what has such rows as its spectrum, times the length. */
function fromSpectrum(call: OperatorCall): Value {
  const x = input(call, 0);
  const length = lengthOf(x) / 2;
  if (!Number.isInteger(length)) {
    throw new ConversionError("rows have to be pairs of numbers");
  }
  const matrix = matrixOf(x, [2 * length, length], (row, at) => {
    const turn = angle(at, Math.floor(row / 2), length);
    return row % 2 === 0 ? Math.cos(turn) : -Math.sin(turn);
  });
  return multiplied(x, matrix);
}

function multiplied(x: Value, matrix: Value): Value {
  return matmul(x.rank === 1 ? unsqueeze(x, [0]) : x, matrix);
}

const MAX_BUCKETS = 1 << 16;

/** Adds every element, with its sign `s`, to bucket `h`. */
function countSketch(call: OperatorCall): Value {
  const [x, buckets, signs] = [0, 1, 2].map((i) => input(call, i)) as [
    Value,
    Value,
    Value,
  ];
  const length = x.dims.at(-1)!;
  const count = call.attributes.requiredInt("out_dim");
  if (count < 1 || count > MAX_BUCKETS) {
    throw new ConversionError(`attribute out_dim is ${count}`);
  }
  const column = (value: Value) => reshape(value, [length, 1]);
  const all = constantOf(x.graph, {
    type: "int64",
    shape: [1, count],
    numbers: Array.from({ length: count }, (_, i) => i),
  });
  const hit = compare("Equal", column(asIndices(buckets)), all);
  const matrix = mul(cast(hit, x.type), column(cast(signs, x.type)));
  const rows = productOf(x.dims.slice(0, -1));
  const sums = matmul(reshape(x, [rows, length]), matrix);
  return reshape(sums, [...x.dims.slice(0, -1), count]);
}
