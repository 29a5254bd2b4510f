import { ConversionError } from "../conversion_error.ts";
import {
  add,
  addScalar,
  compare,
  concat,
  constantOf,
  div,
  gatherNd,
  logic,
  max,
  min,
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
} from "../emit/emit.ts";
import { type Dim, fixedDim, productOf } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";
import { orderedAlong } from "./ordering.ts";
import { ABSENT, survivors } from "./suppression.ts";

/** Boxes. */
export const boxes: OperatorFamily = {
  title: "Boxes",
  operators: {
    _contrib_box_nms: {
      convert: boxNms,
      aliases: ["_contrib_box_non_maximum_suppression"],
      outputs: ["output0", "output1"],
    },
    _contrib_box_iou: { convert: boxIou, inputs: ["lhs", "rhs"] },
    _contrib_box_decode: { convert: boxDecode, inputs: ["data", "anchors"] },
  },
};

const FORMATS = ["corner", "center"] as const;

/** Sorted by score and without overlaps; what is left over is −1. */
function boxNms(call: OperatorCall): Value {
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
  const scoreAt = attributes.int("score_index", 1);
  const idAt = attributes.int("id_index", -1);
  const background = attributes.int("background_id", -1);
  const scores = pickIndex(data, 2, scoreAt);
  const limit = scalar(scores, attributes.float("valid_thresh", 0));
  const scored = compare("Greater", scores, limit);
  const id = idAt < 0 ? undefined : pickIndex(data, 2, idAt);
  const real = id === undefined || background < 0
    ? scored
    : logic("And", scored, not(compare("Equal", id, scalar(id, background))));
  const keys = where(real, scores, scalar(scores, ABSENT));
  const { values, indices } = orderedAlong(keys, 1, {
    count: 0,
    ascending: false,
  });
  const rows = gatherNd(data, unsqueeze(indices, [2]), {
    depth: 1,
    batched: 1,
  });
  const valid = compare("Greater", values, scalar(values, ABSENT));
  const topk = attributes.int("topk", -1);
  if (topk <= 0) return { rows, scores: values, valid };
  const count = fixedDim(data.dims[1]!, "the number of boxes");
  const inTop = constantOf(data.graph, {
    type: "bool",
    shape: [1, count],
    numbers: Array.from({ length: count }, (_, i) => i < topk ? 1 : 0),
  });
  return { rows, scores: values, valid: logic("And", valid, inTop) };
}

function coordinates(rows: Value, start: number): Value {
  return slice(rows, [{ axis: 2, begin: start, end: start + 4 }]);
}

/** Two halves of a row of four, along the last axis. */
function halves(x: Value): readonly [Value, Value] {
  const axis = x.rank - 1;
  return [
    slice(x, [{ axis, begin: 0, end: 2 }]),
    slice(x, [{ axis, begin: 2, end: 4 }]),
  ];
}

/** x, y, width, height as x1, y1, x2, y2. */
function cornersOf(x: Value, format: (typeof FORMATS)[number]): Value {
  if (format === "corner") return x;
  const [center, extent] = halves(x);
  const half = mulScalar(extent, 0.5);
  return concat([sub(center, half), add(center, half)], x.rank - 1);
}

function reformatted(corners: Value, format: (typeof FORMATS)[number]): Value {
  if (format === "corner") return corners;
  const [low, high] = halves(corners);
  const center = mulScalar(add(low, high), 0.5);
  return concat([center, sub(high, low)], corners.rank - 1);
}

/** As in MXNet, rows whose first coordinate is negative stay as they are. */
function withCoordinates(
  rows: Value,
  start: number,
  { corners, to }: {
    readonly corners: Value;
    readonly to: (typeof FORMATS)[number];
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

/** Overlap of every left box with every right one. */
function boxIou(call: OperatorCall): Value {
  const format = call.attributes.choice("format", FORMATS, "corner");
  const [left, right] = [input(call, 0), input(call, 1)].map((value) =>
    cornersOf(reshape(value, [productOf(value.dims.slice(0, -1)), 4]), format)
  ) as [Value, Value];
  const [lowLeft, highLeft] = halves(unsqueeze(left, [1]));
  const [lowRight, highRight] = halves(unsqueeze(right, [0]));
  const area = (low: Value, high: Value) => {
    const sides = max(sub(high, low), scalar(low, 0));
    return mul(pickIndex(sides, 2, 0), pickIndex(sides, 2, 1));
  };
  const shared = area(max(lowLeft, lowRight), min(highLeft, highRight));
  const together = sub(
    add(area(lowLeft, highLeft), area(lowRight, highRight)),
    shared,
  );
  const none = compare("LessOrEqual", shared, scalar(shared, 0));
  const overlap = where(none, scalar(shared, 0), div(shared, together));
  const dims: readonly Dim[] = [
    ...input(call, 0).dims.slice(0, -1),
    ...input(call, 1).dims.slice(0, -1),
  ];
  return reshape(overlap, dims);
}

/** Corners from what was predicted of anchors. */
function boxDecode(call: OperatorCall): Value {
  const { attributes } = call;
  const [data, anchors] = [input(call, 0), input(call, 1)];
  if (data.rank !== 3) throw new ConversionError("it takes [batch, count, 4]");
  const format = attributes.choice("format", FORMATS, "center");
  const centers = format === "center"
    ? anchors
    : reformatted(anchors, "center");
  const [at, extent] = halves(centers);
  const stds = [0, 1, 2, 3].map((i) => attributes.float(`std${i}`, 1));
  const scale = constantOf(data.graph, {
    type: data.type,
    shape: [1, 1, 4],
    numbers: stds,
  });
  const [shift, growth] = halves(mul(data, scale));
  const limit = attributes.float("clip", -1);
  const limited = limit > 0 ? min(growth, scalar(growth, limit)) : growth;
  const half = mulScalar(mul(unary("Exp", limited), extent), 0.5);
  const center = add(mul(shift, extent), at);
  return concat([sub(center, half), add(center, half)], 2);
}
