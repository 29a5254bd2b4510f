import {
  add,
  addScalar,
  compare,
  concat,
  constantOf,
  gatherNd,
  logic,
  mul,
  mulScalar,
  not,
  pickIndex,
  reduce,
  reshape,
  scalar,
  slice,
  sub,
  truth,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  type BoxFormat,
  cornersOf,
  FORMATS,
  reformatted,
} from "./box_formats.ts";
import { input, type OperatorCall } from "../operator.ts";
import { orderedAlong } from "../ordering.ts";
import { ABSENT, survivors } from "./suppression.ts";

/** Sorted by score and without overlaps; what is left over is −1. */
export function boxNms(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  if (attributes.int("topk", -1) === 0) return data;
  const width = fixedDim(data.dims.at(-1)!, "the width of a row");
  const count = fixedDim(data.dims.at(-2)!, "the number of boxes");
  const batch = productOf(data.dims.slice(0, -2));
  const sorted = sortedRows(call, reshape(data, [batch, count, width]));
  const start = attributes.int("coord_start", 2);
  const from = attributes.choice("in_format", FORMATS, "corner");
  const corners = cornersOf(coordinates(sorted.rows, start), from);
  const placed = apartByClass(call, corners, sorted.rows);
  const scores = where(
    sorted.valid,
    sorted.scores,
    scalar(sorted.scores, ABSENT),
  );
  const overlap = attributes.float("overlap_thresh", 0.5);
  const kept = logic(
    "And",
    truth(survivors(placed, unsqueeze(scores, [1]), overlap)),
    sorted.valid,
  );
  const to = attributes.choice("out_format", FORMATS, "corner");
  const result = from === to
    ? sorted.rows
    : withCoordinates(sorted.rows, start, { corners, to });
  return reshape(compacted(result, kept, count), data.dims);
}

interface SortedRows {
  /** [batch, count, width], best first */
  readonly rows: Value;
  /** [batch, count] */
  readonly scores: Value;
  /** Truth: which rows may survive. */
  readonly valid: Value;
}

function sortedRows({ attributes }: OperatorCall, data: Value): SortedRows {
  const scores = pickIndex(data, 2, attributes.int("score_index", 1));
  const limit = scalar(scores, attributes.float("valid_thresh", 0));
  const scored = compare("Greater", scores, limit);
  const idAt = attributes.int("id_index", -1);
  const background = attributes.int("background_id", -1);
  const id = idAt < 0 ? undefined : pickIndex(data, 2, idAt);
  const real = id === undefined
    ? scored
    : logic("And", scored, not(compare("Equal", id, scalar(id, background))));
  const keys = where(real, scores, scalar(scores, ABSENT));
  const all = { count: 0, ascending: false };
  const { values, indices } = orderedAlong(keys, 1, all);
  const places = unsqueeze(indices, [2]);
  const rows = gatherNd(data, places, { depth: 1, batched: 1 });
  const valid = compare("Greater", values, scalar(values, ABSENT));
  const topk = attributes.int("topk", -1);
  return topk <= 0 ? { rows, scores: values, valid } : {
    rows,
    scores: values,
    valid: logic("And", valid, firstRows(data, topk)),
  };
}

/** Marks the first rows of sorted ones. */
function firstRows(data: Value, limit: number): Value {
  const count = fixedDim(data.dims[1]!, "the number of boxes");
  return constantOf(data.graph, {
    type: "bool",
    shape: [1, count],
    numbers: Array.from({ length: count }, (_, i) => i < limit ? 1 : 0),
  });
}

function coordinates(rows: Value, start: number): Value {
  return slice(rows, [{ axis: 2, begin: start, end: start + 4 }]);
}

/** As in MXNet, rows whose first coordinate is negative stay as they are. */
function withCoordinates(
  rows: Value,
  start: number,
  { corners, to }: {
    readonly corners: Value;
    readonly to: BoxFormat;
  },
): Value {
  const given = coordinates(rows, start);
  const isNegative = compare(
    "Less",
    slice(given, [{ axis: 2, begin: 0, end: 1 }]),
    scalar(given, 0),
  );
  const fresh = where(isNegative, given, reformatted(corners, to));
  const before = slice(rows, [{ axis: 2, begin: 0, end: start }]);
  const after = slice(rows, [{ axis: 2, begin: start + 4 }]);
  const parts = [before, fresh, after];
  return concat(parts.filter(({ dims }) => dims[2] !== 0), 2);
}

const COLUMNS = 16;

/** Moves the boxes of each class where no other class has any. */
function apartByClass(call: OperatorCall, corners: Value, rows: Value): Value {
  const { attributes } = call;
  const idAt = attributes.int("id_index", -1);
  if (idAt < 0 || attributes.bool("force_suppress", false)) return corners;
  const all = reshape(corners, [productOf(corners.dims)]);
  const extreme = (operator: "ReduceMax" | "ReduceMin") =>
    reduce(operator, all, { axes: [0], keep: false });
  const span = addScalar(sub(extreme("ReduceMax"), extreme("ReduceMin")), 1);
  const id = slice(rows, [{ axis: 2, begin: idAt, end: idAt + 1 }]);
  const row = unary("Floor", mulScalar(id, 1 / COLUMNS));
  const column = sub(id, mulScalar(row, COLUMNS));
  const shift = mul(concat([column, row, column, row], 2), span);
  return add(corners, shift);
}

/** Kept rows in front, in their order. */
function compacted(rows: Value, kept: Value, count: number): Value {
  const order = constantOf(rows.graph, {
    type: "int64",
    shape: [1, count],
    numbers: Array.from({ length: count }, (_, i) => count - i),
  });
  const keys = where(kept, order, scalar(order, 0));
  const { values, indices } = orderedAlong(keys, 1, {
    count: 0,
    ascending: false,
  });
  const moved = gatherNd(rows, unsqueeze(indices, [2]), {
    depth: 1,
    batched: 1,
  });
  const real = compare("Greater", values, scalar(values, 0));
  return where(unsqueeze(real, [2]), moved, scalar(moved, -1));
}
