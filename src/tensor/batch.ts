import { elementCount, type Shape, type Tensor } from "./tensor.ts";

/** The arrays of all types but `string`. */
type NumericArray = Exclude<Tensor["data"], readonly string[]>;

/**
 * Joins tensors along axis 0.
 *
 * @param tensors one or more, of one type and equal but for axis 0: `[nᵢ, …]`
 * @returns `[Σ nᵢ, …]`; the only tensor itself where there is one
 */
export function stack(tensors: readonly Tensor[]): Tensor {
  const first = tensors[0]!;
  if (tensors.length === 1) return first;
  const rows = tensors.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const shape = [rows, ...first.shape.slice(1)];
  const data = first.type === "string"
    ? tensors.flatMap((tensor) => tensor.data as readonly string[])
    : joinArrays(
      tensors.map((tensor) => tensor.data as NumericArray),
      elementCount(shape),
    );
  return { type: first.type, shape, data } as Tensor; // the type of its parts
}

function joinArrays(
  arrays: readonly NumericArray[],
  length: number,
): NumericArray {
  const joined =
    new (arrays[0]!.constructor as new (n: number) => NumericArray)(
      length,
    );
  let at = 0;
  for (const array of arrays) {
    joined.set(array as never, at); // all of one type
    at += array.length;
  }
  return joined;
}

/**
 * Cuts a tensor along axis 0, without copying numbers.
 *
 * @param tensor `[Σ counts, …]`, or more rows, which are left out
 * @param counts rows of each part, 0 or more
 * @returns one tensor `[counts[i], …]` for each count
 */
export function unstack(
  tensor: Tensor,
  counts: readonly number[],
): readonly Tensor[] {
  const rest = tensor.shape.slice(1);
  const stride = elementCount(rest);
  let row = 0;
  return counts.map((count) => {
    const from = row * stride;
    row += count;
    return slice(tensor, [count, ...rest], from, row * stride);
  });
}

function slice(tensor: Tensor, shape: Shape, from: number, to: number): Tensor {
  const data = tensor.type === "string"
    ? tensor.data.slice(from, to)
    : tensor.data.subarray(from, to);
  return { type: tensor.type, shape, data } as Tensor; // a part of its own data
}

/** Returns `rows` rows of zeros, or of empty strings, to follow `tensor`. */
export function padding(tensor: Tensor, rows: number): Tensor {
  const shape = [rows, ...tensor.shape.slice(1)];
  const length = elementCount(shape);
  const data = tensor.type === "string"
    ? Array<string>(length).fill("")
    : new (tensor.data.constructor as new (n: number) => NumericArray)(length);
  return { type: tensor.type, shape, data } as Tensor; // as the type it follows
}
