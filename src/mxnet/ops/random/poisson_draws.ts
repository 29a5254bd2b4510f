import {
  add,
  addScalar,
  apply,
  cast,
  compare,
  div,
  logic,
  max,
  mul,
  mulScalar,
  not,
  reduce,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import type { Dims } from "../../onnx/dims.ts";
import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import type { Value } from "../../onnx/value.ts";
import { logGamma } from "../elementwise/special_functions.ts";
import { CANDIDATES, firstAccepted } from "./gamma_draws.ts";
import { standardExponential, standardUniform } from "./random_sources.ts";

/** Below this mean, events are counted one by one. */
const MANY_EVENTS = 10;
/** More than ever happen while ten are expected. */
const MOST_EVENTS = 64;

/** Returns how many events there are where so many are expected. */
export function poisson(graph: GraphBuilder, dims: Dims, mean: Value): Value {
  const isFew = compare("Less", mean, scalar(mean, MANY_EVENTS));
  return where(
    isFew,
    fewEvents(graph, dims, mean),
    manyEvents(graph, dims, mean),
  );
}

/** How many waits of mean 1 fit. */
function fewEvents(graph: GraphBuilder, dims: Dims, mean: Value): Value {
  const waits = standardExponential(graph, [MOST_EVENTS, ...dims]);
  const axis = scalar(cast(scalar(waits, 0), "int64"), 0);
  const times = apply("CumSum", [waits], { dims: waits.dims, also: [axis] });
  const happened = cast(compare("Less", times, mean), waits.type);
  return reduce("ReduceSum", happened, { axes: [0], keep: false });
}

/** W. Hörmann, "The transformed rejection method", 1993, algorithm PTRS. */
function manyEvents(graph: GraphBuilder, dims: Dims, given: Value): Value {
  const many = [CANDIDATES, ...dims];
  const mean = max(given, scalar(given, MANY_EVENTS));
  const b = addScalar(mulScalar(unary("Sqrt", mean), 2.53), 0.931);
  const a = addScalar(mulScalar(b, 0.02483), -0.059);
  const u = addScalar(standardUniform(graph, many), -0.5);
  const v = standardUniform(graph, many);
  const edge = sub(scalar(u, 0.5), unary("Abs", u));
  const slope = add(div(mulScalar(a, 2), edge), b);
  const count = unary(
    "Floor",
    add(mul(slope, u), addScalar(mean, 0.43)),
  );
  const squeezed = sub(
    scalar(b, 0.9277),
    div(scalar(b, 3.6224), addScalar(b, -2)),
  );
  const isInside = logic(
    "And",
    compare("GreaterOrEqual", edge, scalar(edge, 0.07)),
    compare("LessOrEqual", v, squeezed),
  );
  const isOutside = logic(
    "Or",
    compare("Less", count, scalar(count, 0)),
    logic(
      "And",
      compare("Less", edge, scalar(edge, 0.013)),
      compare("Greater", v, edge),
    ),
  );
  const isLikely = compare(
    "LessOrEqual",
    transformed(v, edge, { a, b }),
    likelihood(count, mean),
  );
  const accepted = logic(
    "Or",
    isInside,
    logic("And", not(isOutside), isLikely),
  );
  return firstAccepted(count, accepted);
}

function transformed(
  v: Value,
  edge: Value,
  { a, b }: { readonly a: Value; readonly b: Value },
): Value {
  const scale = addScalar(
    div(scalar(b, 1.1328), addScalar(b, -3.4)),
    1.1239,
  );
  const width = add(div(a, mul(edge, edge)), b);
  return sub(add(unary("Log", v), unary("Log", scale)), unary("Log", width));
}

/** ln of Poisson's probability. */
function likelihood(count: Value, mean: Value): Value {
  const ways = logGamma(cast(addScalar(count, 1), "float64"));
  const wide = cast(mean, "float64");
  const powers = mul(cast(count, "float64"), unary("Log", wide));
  return cast(sub(sub(powers, wide), ways), count.type);
}
