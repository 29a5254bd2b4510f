import { FreeExtentError } from "../conversion_error.ts";
import { type Dim, type Dims, fixedDim, isFree } from "../onnx/dims.ts";
import type { DimSource, GraphBuilder } from "../onnx/graph_builder.ts";
import type { Value } from "../onnx/value.ts";
import { int64s } from "./constants.ts";

/**
 * Returns extents as a list of whole numbers that is right in every run.
 *
 * @throws {FreeExtentError} if one of them is no simple function of others
 */
export function extentsOf(graph: GraphBuilder, dims: Dims): Value {
  if (!dims.some(isFree)) {
    return int64s(graph, dims.map((dim) => fixedDim(dim, "an extent")));
  }
  const parts = dims.map((dim) => extentOf(graph, dim));
  return parts.length === 1 ? parts[0]! : node(graph, "Concat", parts, {
    length: parts.length,
    attributes: { axis: { int: 0 } },
  });
}

/** Returns one extent as a list of one number. */
export function extentOf(graph: GraphBuilder, dim: Dim): Value {
  if (!isFree(dim)) return int64s(graph, [fixedDim(dim, "an extent")]);
  const source = graph.sourceOf(dim);
  if (source !== undefined) return read(source);
  for (const candidate of graph.freeDims) {
    const ratio = ratioOf(dim.probes, probesOf(candidate));
    if (ratio !== undefined) return scaled(graph, read(candidate), ratio);
  }
  throw new FreeExtentError(
    `an extent that depends on the inputs in a complicated way has to be fixed`,
  );
}

function probesOf({ value, axis }: DimSource): readonly number[] {
  const dim = value.dims[axis]!;
  return isFree(dim) ? dim.probes : [];
}

function read({ value, axis }: DimSource): Value {
  return node(value.graph, "Shape", [value], {
    length: 1,
    attributes: { start: { int: axis }, end: { int: axis + 1 } },
  });
}

const MAX_FACTOR = 4096;

interface Ratio {
  readonly factor: number;
  readonly divisor: number;
}

/** Returns by what all of `known` have to be multiplied to give `wanted`. */
function ratioOf(
  wanted: readonly number[],
  known: readonly number[],
): Ratio | undefined {
  const [first = 0] = wanted;
  const [knownFirst = 1] = known;
  const common = greatestDivisor(first, knownFirst);
  const factor = first / common;
  const divisor = knownFirst / common;
  if (factor > MAX_FACTOR || divisor > MAX_FACTOR) return undefined;
  const fits = wanted.every((value, run) =>
    value * divisor === known[run]! * factor
  );
  return fits ? { factor, divisor } : undefined;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a || 1 : greatestDivisor(b, a % b);
}

function scaled(graph: GraphBuilder, x: Value, ratio: Ratio): Value {
  const length = 1;
  const { factor, divisor } = ratio;
  const more = factor === 1
    ? x
    : node(graph, "Mul", [x, int64s(graph, [factor])], { length });
  return divisor === 1
    ? more
    : node(graph, "Div", [more, int64s(graph, [divisor])], { length });
}

function node(
  graph: GraphBuilder,
  operator: string,
  inputs: readonly Value[],
  { length, attributes }: {
    readonly length: number;
    readonly attributes?: Readonly<Record<string, { readonly int: number }>>;
  },
): Value {
  const [value] = graph.emit(operator, inputs, {
    outputs: [{ type: "int64", dims: [length] }],
    ...(attributes && { attributes }),
  });
  return value!;
}
