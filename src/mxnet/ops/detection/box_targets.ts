import { ConversionError } from "../../conversion_error.ts";
import {
  arg,
  asIndices,
  cast,
  clipIndices,
  compare,
  concat,
  constantOf,
  div,
  expand,
  filled,
  gatherNd,
  logic,
  reduce,
  reshape,
  scalar,
  sub,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { type Dim, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { halves, reformatted } from "./box_formats.ts";
import { expectShape, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { PAIRWISE } from "../elementwise/pairwise.ts";

/** Which boxes belong together, and how one becomes the other. */
export const boxTargets: OperatorFamily = {
  title: "Matching of boxes",
  operators: {
    _contrib_bipartite_matching: bipartiteMatching,
    _contrib_box_encode: {
      convert: boxEncode,
      inputs: ["samples", "matches", "anchors", "refs", "means", "stds"],
    },
  },
};

const MAX_ROUNDS = 512;

/** Rows and columns that are matched already, −1 where not; float. */
interface Matches {
  /** [batch, rows, 1] */
  readonly rows: Value;
  /** [batch, 1, columns] */
  readonly columns: Value;
}

/** The best pair first, then the best of what is left, and so on. */
function bipartiteMatching(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const data = input(call, 0);
  if (data.rank < 2) throw new ConversionError("it takes matrices");
  const [height, width] = data.dims.slice(-2).map((dim) =>
    fixedDim(dim, "the number of rows and columns")
  ) as [number, number];
  const topk = attributes.int("topk", -1);
  // MXNet stops only once more than `topk` pairs are found.
  const limit = topk > 0 ? topk + 1 : Infinity;
  const rounds = Math.min(height, width, limit);
  if (rounds > MAX_ROUNDS) {
    throw new ConversionError(`${rounds} pairs would have to be found`);
  }
  const batch = productOf(data.dims.slice(0, -2));
  const matrix = reshape(data, [batch, height, width]);
  const none = (dims: readonly Dim[]) =>
    filled(data.graph, { type: "float32", dims, number: -1 });
  let matches: Matches = {
    rows: none([batch, height, 1]),
    columns: none([batch, 1, width]),
  };
  for (let round = 0; round < rounds; round++) {
    matches = withBestPair(call, matrix, matches);
  }
  const [rows, columns] = [matches.rows, matches.columns].map((x) =>
    cast(x, data.type)
  ) as [Value, Value];
  const head = data.dims.slice(0, -2);
  return [reshape(rows, [...head, height]), reshape(columns, [...head, width])];
}

function withBestPair(
  { attributes }: OperatorCall,
  matrix: Value,
  { rows, columns }: Matches,
): Matches {
  const ascending = attributes.bool("is_ascend", false);
  const [batch, height, width] = matrix.dims as [Dim, number, number];
  const worst = scalar(matrix, ascending ? Infinity : -Infinity);
  const isFree = (x: Value) => compare("Less", x, scalar(x, 0));
  const free = logic("And", isFree(rows), isFree(columns));
  const flat = reshape(where(free, matrix, worst), [batch, height * width]);
  const keep = { axes: [1], keep: true };
  const best = reduce(ascending ? "ReduceMin" : "ReduceMax", flat, keep);
  const limit = scalar(best, attributes.requiredFloat("threshold"));
  const counts = compare(ascending ? "Less" : "Greater", best, limit);
  const place = unsqueeze(arg(ascending ? "ArgMin" : "ArgMax", flat, 1), [1]);
  const row = div(place, scalar(place, width));
  const column = PAIRWISE.mod(place, scalar(place, width));
  const marked = (x: Value, axis: 1 | 2, at: Value, partner: Value) => {
    const count = x.dims[axis] as number;
    const places = constantOf(x.graph, {
      type: "int64",
      shape: axis === 1 ? [count, 1] : [1, count],
      numbers: Array.from({ length: count }, (_, i) => i),
    });
    const here = compare("Equal", unsqueeze(at, [2]), places);
    const hit = logic("And", here, unsqueeze(counts, [2]));
    return where(hit, cast(unsqueeze(partner, [2]), x.type), x);
  };
  return {
    rows: marked(rows, 1, row, column),
    columns: marked(columns, 2, column, row),
  };
}

/** What a network should predict of anchors, and for which of them. */
function boxEncode(call: OperatorCall): readonly Value[] {
  const [samples, matches, anchors, refs] = [0, 1, 2, 3].map((i) =>
    input(call, i)
  ) as [Value, Value, Value, Value];
  requireRank(anchors, [3]);
  const [batch, count] = anchors.dims as [Dim, Dim];
  const partner = clipIndices(asIndices(matches), refs.dims[1]!);
  const found = gatherNd(refs, unsqueeze(partner, [2]), {
    depth: 1,
    batched: 1,
  });
  const [refCentre, refExtent] = halves(reformatted(found, "center"));
  const [centre, extent] = halves(reformatted(anchors, "center"));
  const shift = div(sub(refCentre, centre), extent);
  const growth = unary("Log", div(refExtent, extent));
  const means = expectShape(input(call, 4), "means", [4]);
  const stds = expectShape(input(call, 5), "stds", [4]);
  const targets = div(sub(concat([shift, growth], 2), means), stds);
  const chosen = compare("Greater", samples, scalar(samples, 0.5));
  const column = unsqueeze(chosen, [2]);
  const mask = expand(cast(column, targets.type), [batch, count, 4]);
  return [where(column, targets, scalar(targets, 0)), mask];
}
