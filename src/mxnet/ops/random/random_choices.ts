import { ConversionError } from "../../conversion_error.ts";
import {
  addScalar,
  apply,
  cast,
  clipIndices,
  compare,
  constantOf,
  gather,
  gatherElements,
  mulScalar,
  reduce,
  reshape,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import { axisOf, type Dim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";
import { orderedAlong } from "../ordering.ts";
import { standardUniform, statedDims } from "./random_sources.ts";

/** Draws classes by their probabilities, which are the last axis. */
export function multinomial(call: OperatorCall): Value | readonly Value[] {
  const { attributes } = call;
  const data = input(call, 0);
  const shape = attributes.ints("shape") ?? [];
  const classes = data.dims.at(-1)!;
  const head = data.dims.slice(0, -1);
  const rows = productOf(head);
  const count = productOf(shape);
  const table = reshape(data, [rows, classes]);
  const drawn = drawnClasses(table, rows, count);
  const stated: readonly Dim[] = [...head, ...shape];
  const dims = stated.length === 0 ? [1] : stated;
  const found = cast(
    reshape(drawn, dims),
    attributes.type("dtype", "int32"),
  );
  if (!attributes.bool("get_prob", false)) return found;
  const logs = unary("Log", gatherElements(table, 1, drawn));
  return [found, reshape(logs, dims)];
}

/** The first class up to which the probabilities add up to more than a draw. */
function drawnClasses(table: Value, rows: Dim, count: Dim): Value {
  const { graph } = table;
  const axis = constantOf(graph, { type: "int64", shape: [], numbers: [1] });
  const wide = cast(table, "float32");
  const sums = apply("CumSum", [wide], { dims: wide.dims, also: [axis] });
  const share = standardUniform(graph, [rows, count]);
  const passed = compare(
    "GreaterOrEqual",
    unsqueeze(share, [2]),
    unsqueeze(sums, [1]),
  );
  const places = reduce("ReduceSum", cast(passed, "int64"), {
    axes: [2],
    keep: false,
  });
  return clipIndices(places, table.dims[1]!);
}

/** Returns whole numbers from `low` up to but not including `high`. */
export function wholeNumbers(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const low = attributes.requiredInt("low");
  const count = attributes.requiredInt("high") - low;
  if (count < 1) {
    throw new ConversionError(`there are ${count} numbers to draw from`);
  }
  const share = cast(standardUniform(graph, statedDims(call)), "float64");
  const steps = unary("Floor", mulScalar(share, count));
  const type = attributes.type("dtype", "int32");
  return cast(addScalar(steps, low), type);
}

/** Returns rows in random order. */
export function shuffled(call: OperatorCall): Value {
  const x = input(call, 0);
  axisOf(0, x.rank);
  const keys = standardUniform(x.graph, x.dims.slice(0, 1));
  const all = { count: 0, ascending: true };
  return gather(x, 0, orderedAlong(keys, 0, all).indices);
}
