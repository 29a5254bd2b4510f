import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  matmul,
  moveAxis,
  mulScalar,
  reshape,
  transposeLast,
} from "../../emit/emit.ts";
import {
  axisOf,
  type Dims,
  productOf,
  sameDim,
  showDims,
} from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Products of matrices. */
export const matrices: OperatorFamily = {
  title: "Matrices",
  operators: {
    dot: { convert: dot, inputs: ["lhs", "rhs"] },
    batch_dot: { convert: batchDot, inputs: ["lhs", "rhs"] },
    _linalg_gemm2: {
      convert: (call) => gemm(call),
      aliases: ["linalg_gemm2"],
      inputs: ["A", "B"],
    },
    _linalg_gemm: {
      convert: gemmPlus,
      aliases: ["linalg_gemm"],
      inputs: ["A", "B", "C"],
    },
  },
};

/** The last axis of the left operand against the first of the right one. */
function dot(call: OperatorCall): Value {
  const { attributes } = call;
  const a = attributes.bool("transpose_a", false)
    ? rotate(input(call, 0), 1)
    : input(call, 0);
  const b = attributes.bool("transpose_b", false)
    ? rotate(input(call, 1), -1)
    : input(call, 1);
  const inner = b.dims[0];
  if (inner === undefined || !sameDim(a.dims.at(-1)!, inner)) {
    throw new ConversionError(
      `${showDims(a.dims)} and ${showDims(b.dims)} have no axis in common`,
    );
  }
  const rows = a.dims.slice(0, -1);
  const columns = b.dims.slice(1);
  const matrix = (x: Value, dims: Dims) => x.rank === 2 ? x : reshape(x, dims);
  const product = matmul(
    matrix(a, [productOf(rows), inner]),
    matrix(b, [inner, productOf(columns)]),
  );
  const dims = [...rows, ...columns];
  return reshape(product, dims.length === 0 ? [1] : dims);
}

/** `transpose_a` moves the first axis to the end, `transpose_b` the last up. */
function rotate(x: Value, by: number): Value {
  if (x.rank < 2) return x;
  return by > 0 ? moveAxis(x, 0, x.rank - 1) : moveAxis(x, x.rank - 1, 0);
}

function batchDot(call: OperatorCall): Value {
  return product(call, input(call, 0), input(call, 1));
}

function product({ attributes }: OperatorCall, a: Value, b: Value): Value {
  return matmul(
    attributes.bool("transpose_a", false) ? transposeLast(a) : a,
    attributes.bool("transpose_b", false) ? transposeLast(b) : b,
  );
}

/** α · A · B, the rows of the matrices being on `axis`. */
function gemm(call: OperatorCall): Value {
  const { attributes } = call;
  const axis = attributes.int("axis", -2);
  const [a, b] = [input(call, 0), input(call, 1)].map((x) =>
    moveAxis(x, axisOf(axis, x.rank), x.rank - 2)
  );
  const scaled = scaledBy(product(call, a!, b!), attributes.float("alpha", 1));
  return moveAxis(scaled, scaled.rank - 2, axisOf(axis, scaled.rank));
}

/** α · A · B + β · C */
function gemmPlus(call: OperatorCall): Value {
  const beta = call.attributes.float("beta", 1);
  return add(gemm(call), scaledBy(input(call, 2), beta));
}

function scaledBy(x: Value, factor: number): Value {
  return factor === 1 ? x : mulScalar(x, factor);
}
