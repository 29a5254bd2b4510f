/**
 * Dense arrays and the arithmetic that inference needs around a graph.
 *
 * @module
 */

export { padding, stack, unstack } from "./batch.ts";
export { fromHalfBits, toHalfBits } from "./half.ts";
export {
  type DataType,
  elementCount,
  type Feeds,
  type Shape,
  type Tensor,
  type TensorData,
  type TensorOf,
} from "./tensor.ts";
