import { ConversionError } from "../conversion_error.ts";
import type { Dim } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { max, min } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { int64s, scalar } from "./constants.ts";
import { extentOf } from "./extents.ts";
import { apply } from "./kernel.ts";
import { reshape } from "./layout.ts";

/** Returns indices, whatever their type, as whole numbers. */
export function asIndices(x: Value): Value {
  return cast(x, "int64");
}

/** Returns whole numbers limited to `0..extent − 1`. */
export function clipIndices(indices: Value, extent: Dim): Value {
  return max(
    min(indices, lastIndex(indices, extent)),
    scalar(indices, 0),
  );
}

function lastIndex(indices: Value, extent: Dim): Value {
  if (typeof extent === "number") return scalar(indices, extent - 1);
  return asScalar(
    apply(
      "Sub",
      [extentOf(indices.graph, extent), int64s(indices.graph, [1])],
      {
        dims: [1],
      },
    ),
  );
}

/** Returns an extent as a value of rank 0, int64. */
export function extentScalar(x: Value, axis: number): Value {
  return asScalar(extentOf(x.graph, x.dims[axis]!));
}

function asScalar(x: Value): Value {
  return reshape(x, []);
}

/** Returns the entries of an axis that indices (in range) name. */
export function gather(x: Value, axis: number, indices: Value): Value {
  return apply("Gather", [x], {
    dims: x.dims.toSpliced(axis, 1, ...indices.dims),
    attributes: { axis: { int: axis } },
    also: [indices],
  });
}

/** Returns, for each index, the element at it along the axis. */
export function gatherElements(
  x: Value,
  axis: number,
  indices: Value,
): Value {
  if (indices.rank !== x.rank) {
    throw new ConversionError("indices and data differ in rank");
  }
  return apply("GatherElements", [x], {
    dims: indices.dims,
    attributes: { axis: { int: axis } },
    also: [indices],
  });
}

/**
 * Returns what index tuples of `depth` along the last axis of `indices` name;
 * the first `batched` axes of both are walked through together.
 */
export function gatherNd(
  x: Value,
  indices: Value,
  { depth, batched = 0 }: {
    readonly depth: number;
    readonly batched?: number;
  },
): Value {
  return apply("GatherND", [x], {
    dims: [...indices.dims.slice(0, -1), ...x.dims.slice(batched + depth)],
    attributes: { batch_dims: { int: batched } },
    also: [indices],
  });
}

/** Returns 0, 1, … below an extent; int64. */
export function rangeOf(x: Value, axis: number): Value {
  const zero = scalar(int64s(x.graph, [0]), 0);
  const one = scalar(zero, 1);
  return apply("Range", [zero, extentScalar(x, axis), one], {
    dims: [x.dims[axis]!],
  });
}
