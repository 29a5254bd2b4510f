import { ConversionError } from "../../conversion_error.ts";
import {
  matmul,
  mulScalar,
  pickIndex,
  reshape,
  transpose,
  transposeLast,
} from "../../emit/emit.ts";
import { computeDim, type Dim, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Products of transformers, over projections that lie interleaved. */
export const attention: OperatorFamily = {
  title: "Attention",
  operators: {
    _contrib_interleaved_matmul_selfatt_qk: (call) => {
      const heads = headsOf(call);
      const [queries, keys] = parts(input(call, 0), heads, 3);
      return scores(queries!, keys!);
    },
    _contrib_interleaved_matmul_selfatt_valatt: (call) => {
      const heads = headsOf(call);
      const values = parts(input(call, 0), heads, 3)[2]!;
      return weighted(input(call, 1), values, heads);
    },
    _contrib_interleaved_matmul_encdec_qk: (call) => {
      const heads = headsOf(call);
      const [queries] = parts(input(call, 0), heads, 1);
      return scores(queries!, parts(input(call, 1), heads, 2)[0]!);
    },
    _contrib_interleaved_matmul_encdec_valatt: (call) => {
      const heads = headsOf(call);
      const values = parts(input(call, 0), heads, 2)[1]!;
      return weighted(input(call, 1), values, heads);
    },
  },
};

function headsOf({ attributes }: OperatorCall): number {
  return attributes.requiredInt("heads");
}

/**
 * Cuts [time, batch, heads × count × size] into `count` values of
 * [batch × heads, time, size].
 */
function parts(x: Value, heads: number, count: number): readonly Value[] {
  const [time, batch, width] = x.dims;
  if (x.rank !== 3 || heads < 1) {
    throw new ConversionError(
      "it takes [time, batch, features] and 1 head or more",
    );
  }
  const size = fixedDim(width!, "the number of features") / heads / count;
  const split = reshape(x, [time!, batch!, heads, count, size]);
  return Array.from({ length: count }, (_, i) => {
    const part = transpose(pickIndex(split, 3, i), [1, 2, 0, 3]);
    return reshape(part, [productOf([batch!, heads]), time!, size]);
  });
}

/** Q · Kᵀ / √size */
function scores(queries: Value, keys: Value): Value {
  const size = fixedDim(queries.dims[2]!, "the size of a head");
  return matmul(mulScalar(queries, 1 / Math.sqrt(size)), transposeLast(keys));
}

/** A · V as [time, batch, heads × size] */
function weighted(weights: Value, values: Value, heads: number): Value {
  const product = matmul(weights, values);
  const [rows, time, size] = product.dims as readonly [Dim, Dim, Dim];
  const batch = computeDim((n) => n / heads, rows);
  const byHead = reshape(product, [batch, heads, time, size]);
  const width = productOf([heads, size]);
  return reshape(transpose(byHead, [2, 0, 1, 3]), [time, batch, width]);
}
