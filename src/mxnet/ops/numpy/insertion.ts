import { ConversionError } from "../../conversion_error.ts";
import {
  cast,
  concat,
  expand,
  filled,
  gather,
  int64s,
  moveAxis,
  reshape,
  unsqueeze,
} from "../../emit/emit.ts";
import { axisOf, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";

/** Returns all elements in a row. */
export function inRow(x: Value): Value {
  return reshape(x, [productOf(x.dims)]);
}

/** An array, one axis of which is edited, at these places. */
interface Edit {
  readonly x: Value;
  readonly axis: number;
  readonly extent: number;
  /** Where, counted from the front, in the order stated. */
  readonly places: readonly number[];
}

/** Without an axis (`None`) all elements are put in a row. */
function editOf(call: OperatorCall): Edit {
  const { attributes } = call;
  const data = input(call, 0);
  const stated = attributes.optionalInt("axis");
  const x = stated === undefined ? inRow(data) : data;
  const axis = axisOf(stated ?? 0, x.rank);
  const extent = fixedDim(x.dims[axis], "the extent that is edited");
  const index = attributes.optionalInt("int_ind");
  const places = index !== undefined
    ? [index < 0 ? index + extent : index]
    : rangeOf(call, extent);
  return { x, axis, extent, places };
}

/** Returns what Python's `range(*slice.indices(extent))` has. */
function rangeOf(
  { attributes }: OperatorCall,
  extent: number,
): readonly number[] {
  const bounds = ["start", "stop", "step"].map((it) =>
    attributes.optionalInt(it)
  );
  if (bounds.every((bound) => bound === undefined)) {
    throw new ConversionError(
      "its places are an array, a number or a slice is supported",
    );
  }
  const [start, stop, step = 1] = bounds;
  if (step === 0) throw new ConversionError("attribute step is 0");
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const limited = (place: number) =>
    Math.min(high, Math.max(low, place < 0 ? place + extent : place));
  const first = start === undefined ? (step > 0 ? low : high) : limited(start);
  const last = stop === undefined ? (step > 0 ? high : low) : limited(stop);
  const count = Math.max(0, Math.ceil((last - first) / step));
  return Array.from({ length: count }, (_, i) => first + i * step);
}

/** Returns the array without what is at the places. */
export function deleted(call: OperatorCall): Value {
  const { x, axis, extent, places } = editOf(call);
  const odd = places.find((place) => place < 0 || place >= extent);
  if (odd !== undefined) {
    throw new ConversionError(`index ${odd} is not below ${extent}`);
  }
  const kept = Array.from({ length: extent }, (_, place) => place)
    .filter((place) => !places.includes(place));
  return gather(x, axis, int64s(x.graph, kept));
}

/** Puts values in front of what was at the places; at one place all of them. */
export function inserted(call: OperatorCall): Value {
  const { x, axis, extent, places } = editOf(call);
  const fresh = insertedValues(call, x, axis);
  const single = places.length === 1;
  const count = single
    ? fixedDim(fresh.dims[axis], "the number of values")
    : places.length;
  const before = Array.from(
    { length: count },
    (_, i) => places[single ? 0 : i]!,
  );
  const odd = before.find((place) => place < 0 || place > extent);
  if (odd !== undefined) {
    throw new ConversionError(`index ${odd} is beyond ${extent}`);
  }
  const all = concat([expand(fresh, x.dims.with(axis, count)), x], axis);
  const keys = [...before, ...Array.from({ length: extent }, (_, i) => i)];
  const order = keys.map((_, i) => i).toSorted((a, b) =>
    keys[a]! - keys[b]! || a - b
  );
  return gather(all, axis, int64s(x.graph, order));
}

/** A scalar place takes values whose first axis runs along the edited one. */
function insertedValues(call: OperatorCall, x: Value, axis: number): Value {
  const number = call.attributes.optionalFloat("val");
  if (number !== undefined) {
    const dims = x.dims.map(() => 1);
    return filled(x.graph, { type: x.type, dims, number });
  }
  const values = cast(input(call, 1), x.type);
  if (values.rank > x.rank) {
    throw new ConversionError(`its values have rank ${values.rank}`);
  }
  const missing = Array.from({ length: x.rank - values.rank }, (_, i) => i);
  const full = unsqueeze(values, missing);
  return call.attributes.has("int_ind") ? moveAxis(full, 0, axis) : full;
}
