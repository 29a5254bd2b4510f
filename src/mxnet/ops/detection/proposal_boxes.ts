import {
  add,
  addScalar,
  compare,
  concat,
  constantOf,
  logic,
  max,
  min,
  mul,
  mulScalar,
  pickIndex,
  reshape,
  scalar,
  slice,
  sub,
  transpose,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape, requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";
import type { AnchorGrid } from "./proposal_anchors.ts";

/** Boxes of one image are in a row: [images, boxes, 4], scores [images, boxes]. */
export interface Boxes {
  readonly corners: Value;
  readonly scores: Value;
}

/** Returns anchors moved as predicted, cut at the image's borders. */
export function predicted(call: OperatorCall, grid: AnchorGrid): Boxes {
  const [probabilities, deltas] = [input(call, 0), input(call, 1)];
  requireRank(probabilities, [4]);
  const { anchors, height, width, count } = grid;
  const batch = probabilities.dims[0]!;
  const size = [height, width];
  expectShape(probabilities, "cls_prob", [batch, 2 * anchors, ...size]);
  expectShape(deltas, "bbox_pred", [batch, 4 * anchors, ...size]);
  const foreground = slice(probabilities, [{ axis: 1, begin: anchors }]);
  const scores = reshape(transpose(foreground, [0, 2, 3, 1]), [batch, count]);
  const byAnchor = reshape(deltas, [batch, anchors, 4, ...size]);
  const moves = reshape(
    transpose(byAnchor, [0, 3, 4, 1, 2]),
    [batch, count, 4],
  );
  const info = expectShape(input(call, 2), "im_info", [batch, 3]);
  const iou = call.attributes.bool("iou_loss", false);
  const boxes = iou ? add(moves, grid.corners) : decoded(moves, grid.corners);
  return {
    corners: cutAtBorders(boxes, info),
    scores: where(isPadding(grid, info), scalar(scores, -1), scores),
  };
}

/** Extents count both border pixels: right − left + 1. */
function decoded(moves: Value, anchors: Value): Value {
  const half = (x: Value, at: number) =>
    slice(x, [{ axis: 2, begin: at, end: at + 2 }]);
  const extent = addScalar(sub(half(anchors, 2), half(anchors, 0)), 1);
  const centre = add(half(anchors, 0), mulScalar(addScalar(extent, -1), 0.5));
  const at = add(mul(half(moves, 0), extent), centre);
  const size = mul(unary("Exp", half(moves, 2)), extent);
  const reach = mulScalar(addScalar(size, -1), 0.5);
  return concat([sub(at, reach), add(at, reach)], 2);
}

/** `info` is [height, width, scale] of each image. */
function cutAtBorders(boxes: Value, info: Value): Value {
  const column = (i: number) =>
    slice(info, [{ axis: 1, begin: i, end: i + 1 }]);
  const last = addScalar(concat([1, 0, 1, 0].map(column), 1), -1);
  const below = min(boxes, unsqueeze(last, [1]));
  return max(below, scalar(boxes, 0));
}

/** Whether an anchor stands in the part of the map that pads the image. */
function isPadding(
  { rows, columns, stride }: AnchorGrid,
  info: Value,
): Value {
  const beyond = (places: Value, axis: number) => {
    const extent = slice(info, [{ axis: 1, begin: axis, end: axis + 1 }]);
    const real = unary("Floor", mulScalar(extent, 1 / stride));
    return compare("GreaterOrEqual", places, real);
  };
  return logic("Or", beyond(rows, 0), beyond(columns, 1));
}

/** Returns boxes of which those below the least size grew by it, score −1. */
export function withoutSmall(
  call: OperatorCall,
  { corners, scores }: Boxes,
): Boxes {
  const info = input(call, 2);
  const scale = slice(info, [{ axis: 1, begin: 2, end: 3 }]);
  const least = mulScalar(scale, call.attributes.int("rpn_min_size", 16));
  const side = (i: number) =>
    addScalar(sub(pickIndex(corners, 2, i + 2), pickIndex(corners, 2, i)), 1);
  const small = logic(
    "Or",
    compare("Less", side(0), least),
    compare("Less", side(1), least),
  );
  const half = unsqueeze(mulScalar(least, 0.5), [2]);
  const signs = constantOf(corners.graph, {
    type: corners.type,
    shape: [4],
    numbers: [-1, -1, 1, 1],
  });
  const grown = add(corners, mul(half, signs));
  return {
    corners: where(unsqueeze(small, [2]), grown, corners),
    scores: where(small, scalar(scores, -1), scores),
  };
}
