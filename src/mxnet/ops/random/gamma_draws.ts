import {
  add,
  addScalar,
  arg,
  cast,
  compare,
  gatherElements,
  logic,
  mul,
  mulScalar,
  pow,
  reshape,
  scalar,
  sub,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import type { Dims } from "../../onnx/dims.ts";
import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import type { Value } from "../../onnx/value.ts";
import { standardNormal, standardUniform } from "./random_sources.ts";

/**
 * A graph draws all candidates at once and takes the first that is accepted;
 * that none is, happens less often than once in 10¹⁰ draws.
 */
export const CANDIDATES = 16;

/** Returns, for each draw, the first candidate that is accepted. */
export function firstAccepted(candidates: Value, accepted: Value): Value {
  const first = arg("ArgMax", cast(accepted, "int32"), 0);
  const found = gatherElements(candidates, 0, unsqueeze(first, [0]));
  return reshape(found, candidates.dims.slice(1));
}

/**
 * Returns numbers of gamma distributions of scale 1 (G. Marsaglia and W. Tsang,
 * "A simple method for generating gamma variables", 2000).
 */
export function standardGamma(
  graph: GraphBuilder,
  dims: Dims,
  shape: Value,
): Value {
  const many = [CANDIDATES, ...dims];
  const isSmall = compare("Less", shape, scalar(shape, 1));
  const enough = where(isSmall, addScalar(shape, 1), shape);
  const d = addScalar(enough, -1 / 3);
  const c = unary("Reciprocal", unary("Sqrt", mulScalar(d, 9)));
  const x = standardNormal(graph, many);
  const root = addScalar(mul(c, x), 1);
  const v = mul(mul(root, root), root);
  const bound = add(
    mulScalar(mul(x, x), 0.5),
    mul(d, add(sub(scalar(v, 1), v), unary("Log", v))),
  );
  const chance = unary("Log", standardUniform(graph, many));
  const accepted = logic(
    "And",
    compare("Greater", v, scalar(v, 0)),
    compare("Less", chance, bound),
  );
  const drawn = firstAccepted(mul(d, v), accepted);
  const share = standardUniform(graph, dims);
  const shrunk = mul(drawn, pow(share, unary("Reciprocal", shape)));
  return where(isSmall, shrunk, drawn);
}
