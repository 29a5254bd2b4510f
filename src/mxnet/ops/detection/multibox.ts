import {
  add,
  arg,
  cast,
  clip,
  compare,
  concat,
  constantOf,
  gatherNd,
  logic,
  mul,
  mulScalar,
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
import { type Dim, fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape } from "../expect.ts";
import { prior } from "./multibox_prior.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { orderedAlong } from "../ordering.ts";
import { ABSENT, justBelow, survivors } from "./suppression.ts";

/** Single-shot detection. */
export const multibox: OperatorFamily = {
  title: "Detection (SSD)",
  operators: {
    _contrib_MultiBoxPrior: { convert: prior, aliases: ["MultiBoxPrior"] },
    _contrib_MultiBoxDetection: {
      convert: detection,
      aliases: ["MultiBoxDetection"],
      inputs: ["cls_prob", "loc_pred", "anchor"],
    },
  },
};

/** Candidates, best first; all [batch, anchors] or [batch, anchors, 4]. */
interface Candidates {
  readonly scores: Value;
  readonly classes: Value;
  readonly boxes: Value;
  /** Truth: whether a row holds a detection at all. */
  readonly present: Value;
}

/** Rows of [class, score, x1, y1, x2, y2]; class −1 where there is nothing. */
function detection(call: OperatorCall): Value {
  const { attributes } = call;
  const probabilities = input(call, 0);
  const anchors = fixedDim(probabilities.dims[2]!, "the number of anchors");
  const best = bestClasses(probabilities, attributes.float("threshold", 0.01));
  const boxes = decoded(call, anchors, probabilities.dims[0]!);
  const overlap = attributes.float("nms_threshold", 0.5);
  if (overlap <= 0 || overlap > 1) {
    return rows({ ...best, boxes }, best.present);
  }
  const sorted = sortedByScore({ ...best, boxes });
  const limit = attributes.int("nms_topk", -1);
  const candidates = limit > 0 && limit < anchors
    ? { ...sorted, present: logic("And", sorted.present, first(sorted, limit)) }
    : sorted;
  const classCount = fixedDim(probabilities.dims[1]!, "the number of classes") -
    1;
  const force = attributes.bool("force_suppress", false);
  const byClass = scoresByClass(candidates, force ? 1 : classCount);
  const kept = truth(survivors(candidates.boxes, byClass, justBelow(overlap)));
  return rows(sorted, logic("And", kept, candidates.present));
}

/** The best class of each anchor but the background, which is class 0. */
function bestClasses(
  probabilities: Value,
  threshold: number,
): Omit<Candidates, "boxes"> {
  const real = slice(probabilities, [{ axis: 1, begin: 1 }]);
  const scores = reduce("ReduceMax", real, { axes: [1], keep: false });
  const classes = cast(arg("ArgMax", real, 1), probabilities.type);
  const present = compare("GreaterOrEqual", scores, scalar(scores, threshold));
  return { scores, classes, present };
}

/** Boxes from the anchors and what was predicted of them. */
function decoded(call: OperatorCall, count: number, batch: Dim): Value {
  const { attributes } = call;
  const offsets = reshape(
    expectShape(input(call, 1), "loc_pred", [batch, 4 * count]),
    [batch, count, 4],
  );
  const anchors = expectShape(input(call, 2), "anchor", [1, count, 4]);
  const variances = attributes.floats("variances") ?? [0.1, 0.1, 0.2, 0.2];
  const column = (x: Value, i: number) =>
    slice(x, [{ axis: 2, begin: i, end: i + 1 }]);
  const sides = [0, 1].map((i) => {
    const [low, high] = [column(anchors, i), column(anchors, i + 2)];
    const extent = sub(high, low);
    const center = mulScalar(add(low, high), 0.5);
    const shift = mulScalar(column(offsets, i), variances[i] ?? 0.1);
    const growth = mulScalar(column(offsets, i + 2), variances[i + 2] ?? 0.2);
    const at = add(mul(shift, extent), center);
    const half = mulScalar(mul(unary("Exp", growth), extent), 0.5);
    return [sub(at, half), add(at, half)] as const;
  });
  const [[x1, x2], [y1, y2]] = sides as [[Value, Value], [Value, Value]];
  const boxes = concat([x1, y1, x2, y2], 2);
  return attributes.bool("clip", true) ? clip(boxes, 0, 1) : boxes;
}

function sortedByScore(candidates: Candidates): Candidates {
  const { scores, present } = candidates;
  const keys = where(present, scores, scalar(scores, ABSENT));
  const { indices } = orderedAlong(keys, 1, { count: 0, ascending: false });
  const places = unsqueeze(indices, [2]);
  const sorted = (x: Value) => gatherNd(x, places, { depth: 1, batched: 1 });
  return {
    scores: sorted(scores),
    classes: sorted(candidates.classes),
    boxes: sorted(candidates.boxes),
    present: truth(sorted(cast(present, "int32"))),
  };
}

/** Marks the first `limit` of sorted rows. */
function first({ scores }: Candidates, limit: number): Value {
  const count = fixedDim(scores.dims[1]!, "the number of anchors");
  return constantOf(scores.graph, {
    type: "bool",
    shape: [1, count],
    numbers: Array.from({ length: count }, (_, i) => i < limit ? 1 : 0),
  });
}

/** Scores in a row of their own for each class, [batch, classes, anchors]. */
function scoresByClass(
  { scores, classes, present }: Candidates,
  classCount: number,
): Value {
  const absent = scalar(scores, ABSENT);
  const real = unsqueeze(where(present, scores, absent), [1]);
  if (classCount === 1) return real;
  const numbers = Array.from({ length: classCount }, (_, i) => i);
  const shape = [1, classCount, 1];
  const all = constantOf(scores.graph, { type: classes.type, shape, numbers });
  return where(compare("Equal", unsqueeze(classes, [1]), all), real, absent);
}

/** Suppressed rows keep their score and box, absent ones are −1 all over. */
function rows(
  { scores, classes, boxes, present }: Candidates,
  kept: Value,
): Value {
  const id = where(kept, classes, scalar(classes, -1));
  const row = concat([unsqueeze(id, [2]), unsqueeze(scores, [2]), boxes], 2);
  return where(unsqueeze(present, [2]), row, scalar(row, -1));
}
