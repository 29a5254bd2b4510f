/** The extents of a tensor, outermost first: `[n, 3, h, w]`. */
export type Shape = readonly number[];

/** The array that holds the elements of each type, row-major. */
export interface TensorData {
  /** IEEE 754 binary32. */
  readonly float32: Float32Array;
  /** IEEE 754 binary64. */
  readonly float64: Float64Array;
  /** IEEE 754 binary16, as bits. */
  readonly float16: Uint16Array;
  /** −2⁷ to 2⁷ − 1. */
  readonly int8: Int8Array;
  /** 0 to 2⁸ − 1. */
  readonly uint8: Uint8Array;
  /** −2¹⁵ to 2¹⁵ − 1. */
  readonly int16: Int16Array;
  /** 0 to 2¹⁶ − 1. */
  readonly uint16: Uint16Array;
  /** −2³¹ to 2³¹ − 1. */
  readonly int32: Int32Array;
  /** 0 to 2³² − 1. */
  readonly uint32: Uint32Array;
  /** −2⁶³ to 2⁶³ − 1. */
  readonly int64: BigInt64Array;
  /** 0 to 2⁶⁴ − 1. */
  readonly uint64: BigUint64Array;
  /** One byte an element, 0 or 1. */
  readonly bool: Uint8Array;
  /** Any text. */
  readonly string: readonly string[];
}

/** The element types of tensors, by numpy's names. */
export type DataType = keyof TensorData;

/** Every element type. */
export const DATA_TYPES: readonly DataType[] = [
  "float32",
  "float64",
  "float16",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "bool",
  "string",
];

/** A dense row-major array of one element type. */
export interface TensorOf<T extends DataType> {
  /** The type of its elements. */
  readonly type: T;
  /** Its extents. */
  readonly shape: Shape;
  /** `shape[0] × shape[1] × …` elements. */
  readonly data: TensorData[T];
}

/** A dense row-major array of any element type; `type` tells which. */
export type Tensor = { readonly [T in DataType]: TensorOf<T> }[DataType];

/** Tensors by the graph's name for them. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** Returns the number of elements of a tensor of that shape; 1 for `[]`. */
export function elementCount(shape: Shape): number {
  return shape.reduce((count, extent) => count * extent, 1);
}
