/** The extents of a tensor, outermost first: `[n, 3, h, w]`. */
export type Shape = readonly number[];

/** The array that holds the elements of each type, row-major. */
export interface TensorData {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  /** IEEE 754 binary16, as bits. */
  readonly float16: Uint16Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
  /** One byte an element, 0 or 1. */
  readonly bool: Uint8Array;
  readonly string: readonly string[];
}

/** The element types of tensors, by numpy's names. */
export type DataType = keyof TensorData;

/** A dense row-major array of one element type. */
export interface TensorOf<T extends DataType> {
  readonly type: T;
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
