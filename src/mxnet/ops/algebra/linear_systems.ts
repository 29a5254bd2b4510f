import {
  apply,
  cast,
  constantOf,
  expand,
  matmul,
  mulScalar,
  reshape,
  slice,
  transposeLast,
  unary,
} from "../../emit/emit.ts";
import { computeDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  choleskyOf,
  precisely,
  solved,
  squareSize,
  substituted,
} from "./elimination.ts";
import { expectShape } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { extractTriangle, makeTriangle } from "./triangles.ts";

/** Systems of linear equations, factors of matrices, and their triangles. */
export const linearSystems: OperatorFamily = {
  title: "Linear systems",
  operators: {
    _linalg_inverse: {
      convert: inverse,
      aliases: ["linalg_inverse", "_npi_inv"],
    },
    _linalg_potrf: { convert: cholesky, aliases: ["linalg_potrf"] },
    _npi_cholesky: cholesky,
    _linalg_potri: { convert: choleskyInverse, aliases: ["linalg_potri"] },
    _linalg_trsm: {
      convert: triangularSolution,
      aliases: ["linalg_trsm"],
      inputs: ["A", "B"],
    },
    _npi_solve: { convert: solution, inputs: ["A", "B"] },
    _linalg_slogdet: { convert: signAndLog, aliases: ["linalg_slogdet"] },
    _npi_slogdet: signAndLog,
    _npi_det: (call) => determinant(input(call, 0)),
    _linalg_extracttrian: {
      convert: extractTriangle,
      aliases: ["linalg_extracttrian"],
    },
    _linalg_maketrian: {
      convert: makeTriangle,
      aliases: ["linalg_maketrian"],
    },
    khatri_rao: khatriRao,
  },
};

/** Identities, one for each matrix of a batch. */
function identities(x: Value, size: number): Value {
  const one = constantOf(x.graph, {
    type: x.type,
    shape: [1, size, size],
    numbers: Array.from(
      { length: size * size },
      (_, i) => i % (size + 1) === 0 ? 1 : 0,
    ),
  });
  return expand(one, [x.dims[0]!, size, size]);
}

function inverse(call: OperatorCall): Value {
  const x = input(call, 0);
  const size = squareSize(x);
  return precisely(x, (a) => solved(a, identities(a, size)));
}

/** L of A = L · Lᵀ, or U of A = Uᵀ · U. */
function cholesky(call: OperatorCall): Value {
  const x = input(call, 0);
  squareSize(x);
  const isLower = call.attributes.bool("lower", true);
  return precisely(
    x,
    (a) =>
      isLower ? choleskyOf(a) : transposeLast(choleskyOf(transposeLast(a))),
  );
}

/** The inverse of the matrix whose factor is given. */
function choleskyInverse(call: OperatorCall): Value {
  const x = input(call, 0);
  const size = squareSize(x);
  const isLower = call.attributes.bool("lower", true);
  return precisely(x, (a) => {
    const factor = isLower ? a : transposeLast(a);
    const inverse = substituted(factor, identities(a, size));
    return matmul(transposeLast(inverse), inverse);
  });
}

/** X of op(A) · X = αB, or of X · op(A) = αB. */
function triangularSolution(call: OperatorCall): Value {
  const { attributes } = call;
  const [a, b] = [input(call, 0), input(call, 1)];
  squareSize(a);
  const isRight = attributes.bool("rightside", false);
  const turned = attributes.bool("transpose", false) !== isRight;
  const isLower = attributes.bool("lower", true) !== turned;
  const matrices = reshape(
    cast(a, "float64"),
    [productOf(a.dims.slice(0, -2)), ...a.dims.slice(-2)],
  );
  const triangle = turned ? transposeLast(matrices) : matrices;
  const solution = precisely(b, (given) => {
    const right = isRight ? transposeLast(given) : given;
    const x = isLower
      ? substituted(triangle, right)
      : backward(substituted(backward(triangle, [1, 2]), backward(right)));
    return isRight ? transposeLast(x) : x;
  });
  return mulScalar(solution, attributes.float("alpha", 1));
}

/** Rows, and columns where asked, in the opposite order. */
function backward(x: Value, axes: readonly number[] = [1]): Value {
  return slice(x, axes.map((axis) => ({ axis, step: -1 })));
}

/** A⁻¹B, where B may be a vector for each matrix. */
function solution(call: OperatorCall): Value {
  const [a, b] = [input(call, 0), input(call, 1)];
  const size = squareSize(a);
  const isVector = b.rank === a.rank - 1;
  const head = a.dims.slice(0, -2);
  const columns = isVector ? 1 : b.dims.at(-1)!;
  if (isVector) expectShape(b, "B", [...head, size]);
  const right = reshape(b, [productOf(head), size, columns]);
  const left = reshape(a, [productOf(head), size, size]);
  const x = solved(cast(left, "float64"), cast(right, "float64"));
  return cast(reshape(x, b.dims), b.type);
}

function determinant(x: Value): Value {
  squareSize(x);
  return apply("Det", [x], { dims: x.dims.slice(0, -2) });
}

/** The sign of the determinant, and the logarithm of its size. */
function signAndLog(call: OperatorCall): readonly Value[] {
  const value = determinant(input(call, 0));
  const single = value.rank === 0 && call.operator === "_linalg_slogdet";
  const log = unary("Log", unary("Abs", value));
  return [unary("Sign", value), log].map((output) =>
    single ? reshape(output, [1]) : output
  );
}

/** Products of all rows of the matrices, column by column. */
function khatriRao(call: OperatorCall): Value {
  return call.inputs.slice(1).reduce((left, right) => {
    const [rows, columns] = left.dims;
    const [more] = right.dims;
    const grid = apply("Mul", [
      reshape(left, [rows!, 1, columns!]),
      reshape(right, [1, more!, columns!]),
    ], { dims: [rows!, more!, columns!] });
    const count = computeDim((a, b) => a * b, rows!, more!);
    return reshape(grid, [count, columns!]);
  }, input(call, 0));
}
