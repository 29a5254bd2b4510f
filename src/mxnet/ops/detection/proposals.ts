import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  cast,
  concat,
  constantOf,
  expand,
  gatherElements,
  gatherNd,
  min,
  mul,
  rangeOf,
  reduce,
  reshape,
  scalar,
  unsqueeze,
} from "../../emit/emit.ts";
import { type Dim, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import type { OperatorCall } from "../operator.ts";
import { orderedAlong } from "../ordering.ts";
import { PAIRWISE } from "../elementwise/pairwise.ts";
import { anchorGrid } from "./proposal_anchors.ts";
import { type Boxes, predicted, withoutSmall } from "./proposal_boxes.ts";
import { survivors } from "./suppression.ts";

/** The best boxes of each image, without overlaps (multi_proposal.cc). */
export function proposals(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const grid = anchorGrid(call);
  const found = withoutSmall(call, predicted(call, grid));
  const before = attributes.int("rpn_pre_nms_top_n", 6000);
  const count = before > 0 ? Math.min(before, grid.count) : grid.count;
  const sorted = best(found, count);
  const kept = keptRows(sorted, {
    count,
    wanted: wantedCount(call),
    threshold: attributes.float("threshold", 0.7),
  });
  const rows = gatherNd(sorted.corners, unsqueeze(kept, [2]), {
    depth: 1,
    batched: 1,
  });
  const scores = gatherElements(sorted.scores, 1, kept);
  return asRegions(rows, scores);
}

const MAX_PROPOSALS = 1 << 16;

function wantedCount({ attributes }: OperatorCall): number {
  const wanted = attributes.int("rpn_post_nms_top_n", 300);
  if (wanted >= 1 && wanted <= MAX_PROPOSALS) return wanted;
  throw new ConversionError(`attribute rpn_post_nms_top_n is ${wanted}`);
}

function best({ corners, scores }: Boxes, count: number): Boxes {
  const top = orderedAlong(scores, 1, { count, ascending: false });
  const places = unsqueeze(top.indices, [2]);
  return {
    corners: gatherNd(corners, places, { depth: 1, batched: 1 }),
    scores: top.values,
  };
}

/** Which sorted rows stay, over and over again until there are enough. */
function keptRows(
  { corners }: Boxes,
  { count, wanted, threshold }: {
    readonly count: number;
    readonly wanted: number;
    readonly threshold: number;
  },
): Value {
  const { graph } = corners;
  const numbers = Array.from({ length: count }, (_, i) => count - i);
  const falling = { shape: [1, 1, count], numbers };
  const ranks = constantOf(graph, { type: "float32", ...falling });
  const byImage = expand(ranks, [corners.dims[0]!, 1, count]);
  const whole = { type: corners.type, shape: [4], numbers: [0, 0, 1, 1] };
  const boxes = add(corners, constantOf(graph, whole));
  const stays = survivors(boxes, byImage, threshold);
  const order = constantOf(graph, {
    type: "int64",
    shape: [1, count],
    numbers,
  });
  const most = Math.min(wanted, count);
  const top = { count: most, ascending: false };
  const { indices } = orderedAlong(mul(stays, order), 1, top);
  const found = reduce("ReduceSum", stays, { axes: [1], keep: true });
  const turns = constantOf(graph, {
    type: "int64",
    shape: [1, wanted],
    numbers: Array.from({ length: wanted }, (_, i) => i),
  });
  const places = PAIRWISE.mod(turns, min(found, scalar(found, most)));
  return gatherElements(indices, 1, places);
}

/** Rows of [image, x1, y1, x2, y2] of all images, and their scores. */
function asRegions(rows: Value, scores: Value): readonly Value[] {
  const [batch, wanted] = rows.dims as readonly [Dim, Dim];
  const image = cast(rangeOf(rows, 0), rows.type);
  const column = expand(reshape(image, [batch, 1, 1]), [batch, wanted, 1]);
  const count = productOf([batch, fixedDim(wanted, "the number of boxes")]);
  return [
    reshape(concat([column, rows], 2), [count, 5]),
    reshape(scores, [count, 1]),
  ];
}
