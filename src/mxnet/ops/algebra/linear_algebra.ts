import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  constantOf,
  matmul,
  mul,
  mulScalar,
  reduce,
  reshape,
  transposeLast,
  unary,
} from "../../emit/emit.ts";
import { type Dim, fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { diagonalOf, matrixWith } from "./diagonal.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Operators on batches of square matrices. */
export const linearAlgebra: OperatorFamily = {
  title: "Linear algebra",
  operators: {
    _linalg_syrk: { convert: ownProduct, aliases: ["linalg_syrk"] },
    _linalg_trmm: {
      convert: triangularProduct,
      aliases: ["linalg_trmm"],
      inputs: ["A", "B"],
    },
    _linalg_extractdiag: {
      convert: ({ attributes, ...call }) =>
        diagonalOf(
          input({ attributes, ...call }, 0),
          attributes.int("offset", 0),
        ),
      aliases: ["linalg_extractdiag"],
    },
    _linalg_makediag: {
      convert: ({ attributes, ...call }) =>
        matrixWith(
          input({ attributes, ...call }, 0),
          attributes.int("offset", 0),
        ),
      aliases: ["linalg_makediag"],
    },
    _linalg_sumlogdiag: {
      convert: sumOfLogDiagonal,
      aliases: ["linalg_sumlogdiag"],
    },
    _linalg_det: { convert: determinant, aliases: ["linalg_det"] },
  },
};

/** α · A · Aᵀ, or α · Aᵀ · A */
function ownProduct(call: OperatorCall): Value {
  const { attributes } = call;
  const a = input(call, 0);
  const turned = transposeLast(a);
  const product = attributes.bool("transpose", false)
    ? matmul(turned, a)
    : matmul(a, turned);
  return mulScalar(product, attributes.float("alpha", 1));
}

/** α · T · B, where only one triangle of T counts. */
function triangularProduct(call: OperatorCall): Value {
  const { attributes } = call;
  const [a, b] = [input(call, 0), input(call, 1)];
  const size = fixedDim(a.dims.at(-1)!, "the number of columns");
  const isLower = attributes.bool("lower", true);
  const mask = constantOf(a.graph, {
    type: a.type,
    shape: [size, size],
    numbers: Array.from({ length: size * size }, (_, i) => {
      const below = Math.floor(i / size) - i % size;
      return (isLower ? below >= 0 : below <= 0) ? 1 : 0;
    }),
  });
  const triangle = mul(a, mask);
  const factor = attributes.bool("transpose", false)
    ? transposeLast(triangle)
    : triangle;
  const product = attributes.bool("rightside", false)
    ? matmul(b, factor)
    : matmul(factor, b);
  return mulScalar(product, attributes.float("alpha", 1));
}

function sumOfLogDiagonal(call: OperatorCall): Value {
  const logs = unary("Log", diagonalOf(input(call, 0), 0));
  const axes = [logs.rank - 1];
  return atLeastOneAxis(reduce("ReduceSum", logs, { axes, keep: false }));
}

function determinant(call: OperatorCall): Value {
  const data = input(call, 0);
  if (data.rank < 2) throw new ConversionError("it takes matrices");
  const dims = data.dims.slice(0, -2);
  return atLeastOneAxis(apply("Det", [data], { dims }));
}

function atLeastOneAxis(x: Value): Value {
  const single: readonly Dim[] = [1];
  return x.rank === 0 ? reshape(x, single) : x;
}
