import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  div,
  filled,
  mul,
  scalar,
  sub,
  unary,
} from "../../emit/emit.ts";
import type { Dim, Dims } from "../../onnx/dims.ts";
import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import type { Value } from "../../onnx/value.ts";
import type { OperatorCall } from "../operator.ts";

/** Returns numbers that differ from run to run, 0 ≤ u < 1, float32. */
export function standardUniform(graph: GraphBuilder, dims: Dims): Value {
  return drawn("RandomUniformLike", graph, dims);
}

/** Returns numbers of mean 0 and deviation 1, float32. */
export function standardNormal(graph: GraphBuilder, dims: Dims): Value {
  return drawn("RandomNormalLike", graph, dims);
}

/** Returns waits of mean 1, float32. */
export function standardExponential(graph: GraphBuilder, dims: Dims): Value {
  const share = standardUniform(graph, dims);
  return unary("Neg", unary("Log", sub(scalar(share, 1), share)));
}

function drawn(operator: string, graph: GraphBuilder, dims: Dims): Value {
  const like = filled(graph, { type: "float32", dims, number: 0 });
  return apply(operator, [like], { dims });
}

/** A distribution with one parameter, or two. */
export interface Distribution {
  /** The parameters as attributes, with what they are if absent. */
  readonly attributes: Readonly<Record<string, number>>;
  /** Returns numbers of `dims` from float32 parameters that fit into them. */
  readonly draw: (dims: Dims, parameters: readonly Value[]) => Value;
}

/** Distributions by the names that their operators share. */
export const DISTRIBUTIONS = {
  uniform: {
    attributes: { low: 0, high: 1 },
    draw: (dims, [low, high]) => {
      const share = standardUniform(low!.graph, dims);
      return add(mul(share, sub(high!, low!)), low!);
    },
  },
  normal: {
    attributes: { loc: 0, scale: 1 },
    draw: (dims, [mean, deviation]) => {
      const share = standardNormal(mean!.graph, dims);
      return add(mul(share, deviation!), mean!);
    },
  },
  exponential: {
    attributes: { lam: 1 },
    draw: (dims, [rate]) => div(standardExponential(rate!.graph, dims), rate!),
  },
} as const satisfies Readonly<Record<string, Distribution>>;

/** Returns the attribute `shape`; a 0 is an extent that other nodes tell. */
export function statedDims({ graph, attributes, name }: OperatorCall): Dims {
  const shape = attributes.ints("shape") ?? [1];
  return shape.map((extent, axis): Dim => {
    if (extent < 0) throw new ConversionError(`shape has the extent ${extent}`);
    return extent > 0
      ? extent
      : graph.facts.resolve({ unknown: `"${name}", axis ${axis}` });
  });
}
