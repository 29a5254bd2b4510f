import { fromHalfBits, toHalfBits } from "./half.ts";
import { roundHalfEven } from "./round.ts";
import type { DataType, Shape, Tensor, TensorOf } from "./tensor.ts";

/** The element types that numbers in float32 can be turned into. */
export type CastType = Exclude<
  DataType,
  "bool" | "string" | "int64" | "uint64"
>;

/**
 * Returns a tensor of another element type; float32 keeps the array. Integers
 * are rounded half to even and cut off at the ends of their range.
 */
export function castFloats(
  data: Float32Array,
  shape: Shape,
  type: CastType,
): Tensor {
  return { type, shape, data: CASTS[type](data) } as Tensor; // by its own cast
}

const CASTS: {
  readonly [T in CastType]: (values: Float32Array) => TensorOf<T>["data"];
} = {
  float32: (values) => values,
  float64: (values) => Float64Array.from(values),
  float16: (values) => toHalfBits(values),
  uint8: (values) => new Uint8Array(Uint8ClampedArray.from(values).buffer),
  int8: (values) => Int8Array.from(values, integer(-128, 127)),
  int16: (values) => Int16Array.from(values, integer(-32768, 32767)),
  uint16: (values) => Uint16Array.from(values, integer(0, 65535)),
  int32: (values) => Int32Array.from(values, integer(-(2 ** 31), 2 ** 31 - 1)),
  uint32: (values) => Uint32Array.from(values, integer(0, 2 ** 32 - 1)),
};

function integer(low: number, high: number): (value: number) => number {
  return (value) => Math.min(Math.max(roundHalfEven(value), low), high);
}

/** Whether `castFloats` has that type. */
export function isCastType(type: DataType): type is CastType {
  return Object.hasOwn(CASTS, type);
}

/** Returns the elements as numbers; `undefined` for 64-bit integers, bools and texts. */
export function numbersOf(tensor: Tensor): ArrayLike<number> | undefined {
  switch (tensor.type) {
    case "bool":
    case "string":
    case "int64":
    case "uint64":
      return undefined;
    case "float16":
      return fromHalfBits(tensor.data);
    default:
      return tensor.data;
  }
}
