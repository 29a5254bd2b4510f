import {
  add,
  addScalar,
  asIndices,
  cast,
  constantOf,
  extentScalar,
  gather,
  moveAxis,
  mul,
  mulScalar,
  reshape,
  sub,
  transpose,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import { productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";
import { orderedAlong } from "../ordering.ts";
import { alongOf } from "./numpy_along.ts";

const INTERPOLATIONS = [
  "linear",
  "lower",
  "higher",
  "midpoint",
  "nearest",
] as const;

/** Below what share of the elements, in hundredths, a number lies. */
export function percentile(call: OperatorCall): Value {
  const given = input(call, 0);
  const x = isFloat(given.type) ? given : cast(given, "float32");
  const { axes, keep } = alongOf(call, x);
  const sorted = sortedTogether(x, axes);
  const share = sharesOf(call, x);
  const last = sorted.rank - 1;
  const most = addScalar(cast(extentScalar(sorted, last), x.type), -1);
  const place = mul(mulScalar(share, 1 / 100), most);
  const found = between(call, sorted, place);
  const result = share.rank === 1 ? moveAxis(found, found.rank - 1, 0) : found;
  if (!keep) return result;
  return unsqueeze(
    result,
    axes.toSorted((a, b) => a - b).map((axis) => axis + share.rank),
  );
}

/** Ascending along one last axis, which stands for all that are reduced. */
function sortedTogether(x: Value, axes: readonly number[]): Value {
  const others = x.dims.map((_, axis) => axis).filter((axis) =>
    !axes.includes(axis)
  );
  const reduced = productOf(axes.map((axis) => x.dims[axis]!));
  const turned = transpose(x, [...others, ...axes]);
  const rows = reshape(turned, [
    ...others.map((axis) => x.dims[axis]!),
    reduced,
  ]);
  const all = { count: 0, ascending: true };
  return orderedAlong(rows, others.length, all).values;
}

function sharesOf(call: OperatorCall, x: Value): Value {
  const number = call.attributes.optionalFloat("q_scalar");
  if (number === undefined) return cast(input(call, 1), x.type);
  const { graph, type } = x;
  return constantOf(graph, { type, shape: [], numbers: [number] });
}

/** What is at a place that may lie between two elements. */
function between(call: OperatorCall, sorted: Value, place: Value): Value {
  const at = (where: Value) =>
    gather(sorted, sorted.rank - 1, asIndices(where));
  const [below, above] = [unary("Floor", place), unary("Ceil", place)];
  switch (
    call.attributes.choice("interpolation", INTERPOLATIONS, "linear")
  ) {
    case "lower":
      return at(below);
    case "higher":
      return at(above);
    case "midpoint":
      return mulScalar(add(at(below), at(above)), 0.5);
    case "nearest":
      return at(unary("Floor", addScalar(place, 0.5)));
    case "linear": {
      const [low, high] = [at(below), at(above)];
      return add(low, mul(sub(high, low), sub(place, below)));
    }
  }
}
