import { ConversionError } from "../conversion_error.ts";
import { carrierOf, type ElementType } from "../element_type.ts";
import { type Dims, isFree } from "../onnx/dims.ts";
import type { GraphBuilder } from "../onnx/graph_builder.ts";
import type { Value } from "../onnx/value.ts";
import { cast } from "./cast.ts";
import { extentsOf } from "./extents.ts";

/** Graphs stay small: what is larger is made when the graph runs, or refused. */
const MAX_ELEMENTS = 1 << 24;
const MAX_STORED_ELEMENTS = 1 << 12;

/** Returns a constant of rank 0 in the type of `x`. */
export function scalar(x: Value, number: number): Value {
  return constantOf(x.graph, { type: x.type, shape: [], numbers: [number] });
}

/** Returns a list of whole numbers, as axes and shapes are given. */
export function int64s(graph: GraphBuilder, numbers: readonly number[]): Value {
  return constantOf(graph, { type: "int64", shape: [numbers.length], numbers });
}

/** Returns a constant tensor. */
export function constantOf(
  graph: GraphBuilder,
  { type, shape, numbers }: {
    readonly type: ElementType;
    readonly shape: readonly number[];
    readonly numbers: ArrayLike<number>;
  },
): Value {
  if (numbers.length > MAX_ELEMENTS) {
    throw new ConversionError(
      `a constant would have ${numbers.length} elements`,
    );
  }
  const carrier = carrierOf(type);
  const value = graph.constant(carrier, shape, encode(carrier, numbers));
  const first = numbers[0];
  const uniform = numbers.length === 1 && first !== undefined;
  return graph.view(value, { type, ...(uniform && { fill: first }) });
}

/**
 * Returns a value of `dims` whose elements are all `number`.
 *
 * @throws {ConversionError} if it would be larger than any real one
 */
export function filled(
  graph: GraphBuilder,
  { type, dims, number }: {
    readonly type: ElementType;
    readonly dims: Dims;
    readonly number: number;
  },
): Value {
  const fixed = dims.filter((dim) => typeof dim === "number");
  const count = fixed.reduce((product, dim) => product * dim, 1);
  if (count > MAX_ELEMENTS) {
    throw new ConversionError(`a constant would have ${count} elements`);
  }
  if (dims.some(isFree) || count > MAX_STORED_ELEMENTS) {
    return cast(filledLate(graph, carrierOf(type), { dims, number }), type);
  }
  const numbers = new Array<number>(count).fill(number);
  const value = constantOf(graph, { type, shape: fixed, numbers });
  return graph.view(value, { dims, fill: number });
}

/** Fills when the graph runs. */
function filledLate(
  graph: GraphBuilder,
  type: ElementType,
  { dims, number }: { readonly dims: Dims; readonly number: number },
): Value {
  const content = encode(type, [number]);
  const tensor = { name: "value", type, shape: [1], content };
  const [value] = graph.emit("ConstantOfShape", [extentsOf(graph, dims)], {
    outputs: [{ type, dims, fill: number }],
    attributes: { value: { tensor } },
  });
  return value!;
}

function encode(type: ElementType, numbers: ArrayLike<number>): Uint8Array {
  return new Uint8Array(arrayOf(type, numbers).buffer);
}

/** What has no place in the type becomes its least number, as in MXNet. */
function wholeNumber(number: number): bigint {
  return isBelow(number, 2 ** 63) ? BigInt(Math.trunc(number)) : -(2n ** 63n);
}

function isBelow(number: number, limit: number): boolean {
  return Math.abs(number) < limit;
}

function arrayOf(
  type: ElementType,
  numbers: ArrayLike<number>,
): { readonly buffer: ArrayBuffer } {
  switch (type) {
    case "float64":
      return Float64Array.from(numbers);
    case "int64":
    case "uint64":
      return BigInt64Array.from(Array.from(numbers, wholeNumber));
    case "int32":
      return Int32Array.from(numbers, (n) => isBelow(n, 2 ** 31) ? n : 2 ** 31);
    case "uint32":
      return Uint32Array.from(numbers);
    case "int16":
      return Int16Array.from(numbers);
    case "uint16":
      return Uint16Array.from(numbers);
    case "int8":
      return Int8Array.from(numbers);
    case "uint8":
      return Uint8Array.from(numbers);
    case "bool":
      return Uint8Array.from(numbers, (n) => n === 0 ? 0 : 1);
    default:
      return Float32Array.from(numbers);
  }
}
