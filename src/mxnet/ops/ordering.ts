import { ConversionError } from "../conversion_error.ts";
import {
  apply,
  cast,
  computedType,
  extentOf,
  filled,
  int64s,
  reshape,
} from "../emit/emit.ts";
import { axisOf, computeDim, productOf } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import type { Attributes } from "../symbol/attributes.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Order along an axis. */
export const orderings: OperatorFamily = {
  title: "Ordering",
  operators: {
    topk: {
      convert: topK,
      // Two outputs of which one is seen count as two when named.
      outputs: (attributes) => {
        const values = attributes.choice("ret_typ", KINDS, "indices");
        return values === "value" ? ["output0"] : [];
      },
    },
    sort: { convert: (call) => sorted(call).values, outputs: ["output0"] },
    argsort: (call) =>
      cast(sorted(call).indices, call.attributes.type("dtype", "float32")),
  },
};

const KINDS = ["value", "indices", "mask", "both"] as const;

interface Ordered {
  readonly values: Value;
  /** int64 */
  readonly indices: Value;
}

function sorted(call: OperatorCall): Ordered {
  const { data, axis } = alongAxis(call);
  const ascending = call.attributes.bool("is_ascend", true);
  return orderedAlong(data, axis, { count: 0, ascending });
}

function topK(call: OperatorCall): Value | readonly Value[] {
  const { attributes } = call;
  const { data, axis } = alongAxis(call);
  const count = attributes.int("k", 1);
  const ascending = attributes.bool("is_ascend", false);
  const top = orderedAlong(data, axis, { count, ascending });
  const indices = cast(top.indices, attributes.type("dtype", "float32"));
  switch (attributes.choice("ret_typ", KINDS, "indices")) {
    case "value":
      return top.values;
    case "indices":
      return indices;
    case "both":
      return [top.values, indices];
    case "mask":
      return reshape(maskOf(data, axis, top.indices), input(call, 0).dims);
  }
}

/** Without an axis (`None`) all elements are put in a row. */
function alongAxis(call: OperatorCall): {
  readonly data: Value;
  readonly axis: number;
} {
  const data = input(call, 0);
  const stated = statedAxis(call.attributes);
  if (stated !== undefined) return { data, axis: axisOf(stated, data.rank) };
  return { data: reshape(data, [productOf(data.dims)]), axis: 0 };
}

function statedAxis(attributes: Attributes): number | undefined {
  return attributes.mentions("axis") ? attributes.optionalInt("axis") : -1;
}

/** Returns the first `count` along an axis, all for 0; equal ones as they were. */
export function orderedAlong(
  data: Value,
  axis: number,
  { count, ascending }: { readonly count: number; readonly ascending: boolean },
): Ordered {
  const { graph } = data;
  const extent = data.dims[axis]!;
  const kept = count < 1 ? extent : computeDim((n) => {
    if (count <= n) return count;
    throw new ConversionError(`attribute k is ${count}, there are ${n}`);
  }, extent);
  const type = computedType("TopK", data.type);
  const dims = data.dims.with(axis, kept);
  const amount = count < 1 ? extentOf(graph, extent) : int64s(graph, [count]);
  const [values, indices] = graph.emit("TopK", [cast(data, type), amount], {
    outputs: [{ type, dims }, { type: "int64", dims }],
    attributes: {
      axis: { int: axis },
      largest: { int: ascending ? 0 : 1 },
      sorted: { int: 1 },
    },
  });
  return { values: cast(values!, data.type), indices: indices! };
}

/** 1 at the indices, 0 elsewhere. */
function maskOf(data: Value, axis: number, indices: Value): Value {
  const { graph, type } = data;
  const blank = filled(graph, { type, dims: data.dims, number: 0 });
  const ones = filled(graph, { type, dims: indices.dims, number: 1 });
  return apply("ScatterElements", [blank], {
    dims: data.dims,
    attributes: { axis: { int: axis } },
    also: [indices, ones],
  });
}
