import { ConversionError } from "../conversion_error.ts";
import {
  bytesOf,
  carrierOf,
  type ElementType,
  typeOfName,
} from "../element_type.ts";
import { concat, filled, rawCast, reshape } from "../emit/emit.ts";
import { productOf } from "../onnx/dims.ts";
import type { GraphBuilder } from "../onnx/graph_builder.ts";
import type { OnnxTensor } from "../onnx/model.ts";
import type { Value } from "../onnx/value.ts";
import type { ParamArray } from "../params/param_array.ts";
import { Attributes } from "../symbol/attributes.ts";
import type { SymbolNode } from "../symbol/symbol.ts";
import type { Binding, InputFacts } from "./bind.ts";
import { type Attempt, dimsOfInput } from "./runs.ts";

/** What variables are made from. */
export interface VariableRequest {
  readonly graph: GraphBuilder;
  readonly attempt: Attempt;
  readonly inputs: readonly InputFacts[];
  /** The parameter file as the graph names it; absent for inline weights. */
  readonly location: string | undefined;
}

/** Returns the value of one variable. */
export function variableValue(
  node: SymbolNode,
  binding: Binding,
  request: VariableRequest,
): Value {
  const { graph } = request;
  switch (binding.kind) {
    case "input":
      return inputValue(node, binding.input, request);
    case "parameter":
      return parameterValue(binding.array, request);
    case "packed":
      return packedValue(binding.arrays, request);
    case "filled": {
      const type = declaredType(node) ?? "float32";
      const dims = graph.facts.shapeOf(node.name) ?? declaredShape(node);
      if (dims === undefined) {
        return graph.source(node.name, { type, source: node.name });
      }
      return filled(graph, { type, dims, number: binding.number });
    }
  }
}

/** The type of `__dtype__`; −1 and 0 stand for none. */
export function declaredType(node: SymbolNode): ElementType | undefined {
  return typeOfName(node.attributes.get("__dtype__") ?? "");
}

/** The shape of `__shape__`, if it is a whole one. */
function declaredShape(node: SymbolNode): readonly number[] | undefined {
  try {
    const shape = new Attributes(node.attributes).ints("__shape__");
    return shape?.every((extent) => extent > 0) ? shape : undefined;
  } catch (error) {
    if (error instanceof ConversionError) return undefined;
    throw error;
  }
}

function inputValue(
  node: SymbolNode,
  input: InputFacts,
  { graph, attempt, inputs }: VariableRequest,
): Value {
  const type = declaredType(node) ?? typeOfName(input.dataType ?? "") ??
    "float32";
  const shape = input.shape ?? declaredShape(node) ??
    graph.facts.shapeOf(node.name)?.map((dim) =>
      typeof dim === "number" ? dim : 0
    );
  if (shape === undefined) {
    return graph.source(node.name, { type, source: node.name });
  }
  const position = inputs.findIndex(({ name }) => name === node.name);
  const dims = dimsOfInput(shape, attempt, position);
  const value = graph.source(node.name, { type, dims });
  return carrierOf(type) === type ? value : rawCast(value, "float32", type);
}

function parameterValue(
  array: ParamArray,
  { graph, location }: VariableRequest,
): Value {
  const stored = graph.tensor(tensorOf(array, location));
  if (carrierOf(array.type) === array.type) return stored;
  return rawCast(stored, carrierOf(array.type), array.type);
}

function tensorOf(
  array: ParamArray,
  location: string | undefined,
): OnnxTensor {
  const { name, type, shape } = array;
  if (location !== undefined && (array.location?.length ?? 0) > 0) {
    const content = { location, ...array.location! };
    return { name, type, shape, content };
  }
  const length = shape.reduce((n, extent) => n * extent, bytesOf(type));
  const read = () => array.read();
  return { name, type, shape, content: { length, read } };
}

function packedValue(
  arrays: readonly ParamArray[],
  request: VariableRequest,
): Value {
  const values = arrays.map((array) => parameterValue(array, request));
  const ranks = new Set(values.map(({ rank }) => rank));
  const parts = ranks.size === 1
    ? values
    : values.map((value) => reshape(value, [productOf(value.dims)]));
  return concat(parts, 0);
}
