import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  matmul,
  mul,
  reduce,
  reshape,
  transpose,
} from "../../emit/emit.ts";
import { axisOf, type Dim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { diagonalOf, matrixWith } from "../algebra/diagonal.ts";
import { einsumDims } from "../algebra/einsum_dims.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Products and diagonals of numpy mode. */
export const numpyProducts: OperatorFamily = {
  title: "numpy mode: products",
  operators: {
    _np_dot: { convert: dot, aliases: ["_npi_dot"] },
    _npi_tensordot: tensordot,
    _npi_tensordot_int_axes: tensordotInOrder,
    _npi_einsum: einsum,
    _np_trace: {
      convert: (call) => {
        const diagonal = diagonalAlong(call, "offset");
        const axes = [diagonal.rank - 1];
        return reduce("ReduceSum", diagonal, { axes, keep: false });
      },
      aliases: ["_npi_trace"],
    },
    _np_diagonal: {
      convert: (call) => diagonalAlong(call, "offset"),
      aliases: ["_npi_diagonal"],
    },
    _np_diag: { convert: diagonal, aliases: ["_npi_diag"] },
    _np_diagflat: {
      convert: (call) => {
        const x = input(call, 0);
        const row = reshape(x, [productOf(x.dims)]);
        return matrixWith(row, call.attributes.int("k", 0));
      },
      aliases: ["_npi_diagflat"],
    },
  },
};

/** Sums over pairs of axes, of the first operand and of the second. */
function contracted(
  a: Value,
  b: Value,
  [axesA, axesB]: readonly [readonly number[], readonly number[]],
): Value {
  if (axesA.length !== axesB.length) {
    throw new ConversionError("the axes that are summed do not pair up");
  }
  const rest = (x: Value, axes: readonly number[]) =>
    x.dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const [freeA, freeB] = [rest(a, axesA), rest(b, axesB)];
  const extents = (x: Value, axes: readonly number[]): readonly Dim[] =>
    axes.map((axis) => x.dims[axis]!);
  const inner = productOf(extents(a, axesA));
  const left = transpose(a, [...freeA, ...axesA]);
  const right = transpose(b, [...axesB, ...freeB]);
  const rows = extents(a, freeA);
  const columns = extents(b, freeB);
  const product = matmul(
    reshape(left, [productOf(rows), inner]),
    reshape(right, [productOf(extents(b, axesB)), productOf(columns)]),
  );
  return reshape(product, [...rows, ...columns]);
}

/** The last axis of the left, the last but one of the right, if there are two. */
function dot(call: OperatorCall): Value {
  const [a, b] = [input(call, 0), input(call, 1)];
  if (a.rank === 0 || b.rank === 0) return mul(a, b);
  return contracted(a, b, [[a.rank - 1], [Math.max(0, b.rank - 2)]]);
}

function tensordot(call: OperatorCall): Value {
  const [a, b] = [input(call, 0), input(call, 1)];
  const axes = (x: Value, name: string) =>
    call.attributes.requiredInts(name).map((axis) => axisOf(axis, x.rank));
  return contracted(a, b, [
    axes(a, "a_axes_summed"),
    axes(b, "b_axes_summed"),
  ]);
}

/** The last axes of the left and the first of the right, in their order. */
function tensordotInOrder(call: OperatorCall): Value {
  const [a, b] = [input(call, 0), input(call, 1)];
  const count = call.attributes.requiredInt("axes");
  if (count < 0 || count > Math.min(a.rank, b.rank)) {
    throw new ConversionError(`attribute axes is ${count}`);
  }
  const axes = Array.from({ length: count }, (_, i) => i);
  return contracted(a, b, [axes.map((axis) => a.rank - count + axis), axes]);
}

function einsum(call: OperatorCall): Value {
  const { inputs } = call;
  const equation = call.attributes.text("subscripts", "").replaceAll(" ", "");
  const { dims, full, operands } = einsumDims(equation, inputs);
  const [first, ...rest] = operands;
  return apply("Einsum", [first!, ...rest], {
    dims,
    attributes: { equation: { string: full } },
  });
}

function diagonalAlong(call: OperatorCall, offset: string): Value {
  const { attributes } = call;
  const x = input(call, 0);
  const first = axisOf(attributes.int("axis1", 0), x.rank);
  const second = axisOf(attributes.int("axis2", 1), x.rank);
  if (first === second) throw new ConversionError("axis1 and axis2 are equal");
  const others = x.dims.map((_, axis) => axis)
    .filter((axis) => axis !== first && axis !== second);
  const matrices = transpose(x, [...others, first, second]);
  return diagonalOf(matrices, attributes.int(offset, 0));
}

/** A matrix with this diagonal, or the diagonal of a matrix. */
function diagonal(call: OperatorCall): Value {
  const x = input(call, 0);
  const offset = call.attributes.int("k", 0);
  return x.rank === 1 ? matrixWith(x, offset) : diagonalOf(x, offset);
}
