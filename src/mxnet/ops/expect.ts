import { ConversionError } from "../conversion_error.ts";
import { reshape } from "../emit/emit.ts";
import {
  type Dim,
  type Dims,
  fixedDims,
  isUnknown,
  productOf,
  sameDim,
  showDims,
} from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import type { Attributes } from "../symbol/attributes.ts";

/**
 * Returns a value that has to have this shape; `undefined` extents are free.
 * A value whose shape is not known yet gets it.
 *
 * @throws {ConversionError} if it has another shape
 */
export function expectShape(
  value: Value,
  what: string,
  dims: readonly (Dim | undefined)[],
): Value {
  const { facts } = value.graph;
  if (!value.determined) facts.shape(value.source!, dims);
  const fits = value.rank === dims.length && dims.every((wanted, axis) => {
    const dim = value.dims[axis]!;
    if (wanted === undefined) return true;
    facts.equate(dim, wanted);
    return sameDim(dim, wanted) || isUnknown(dim) || isUnknown(wanted);
  });
  if (fits) return value;
  const wanted = dims.map((dim) => dim === undefined ? "any" : showDims([dim]));
  throw new ConversionError(
    `${what} "${value.name}" has shape ${
      showDims(value.dims)
    }, it would have to be [${
      wanted.map((text) => text.replace(/[[\]]/g, "")).join(", ")
    }]`,
  );
}

/** Returns a value with one extent per channel, whatever rank it was saved in. */
export function expectVector(value: Value, what: string, length: Dim): Value {
  if (!value.determined || value.rank === 1) {
    return expectShape(value, what, [length]);
  }
  const fits = sameDim(productOf(value.dims), length);
  return fits ? reshape(value, [length]) : expectShape(value, what, [length]);
}

/**
 * Returns one number per spatial axis; an absent or empty list is `missing`
 * everywhere.
 *
 * @throws {ConversionError} if there are more or fewer, or one is too small
 */
export function spatialInts(
  attributes: Attributes,
  name: string,
  { rank, missing, least }: {
    readonly rank: number;
    readonly missing: number;
    readonly least: number;
  },
): readonly number[] {
  const list = attributes.ints(name) ?? [];
  if (list.length === 0) return new Array<number>(rank).fill(missing);
  if (list.length === rank && list.every((number) => number >= least)) {
    return list;
  }
  throw new ConversionError(
    `attribute ${name} is (${
      list.join(", ")
    }), it would have to be ${rank} numbers from ${least} on`,
  );
}

/** Returns the extents after batch and channels as numbers. */
export function fixedSpatial(x: Value): readonly number[] {
  return fixedDims(x.dims.slice(2), "the height and width of its input");
}

/** Returns extents as they are given to a layer: at least of this rank. */
export function requireRank(x: Value, ranks: readonly number[]): Dims {
  if (ranks.includes(x.rank)) return x.dims;
  throw new ConversionError(
    `its input has shape ${showDims(x.dims)}, the rank would have to be ${
      ranks.join(" or ")
    }`,
  );
}
