/**
 * Dense arrays and the arithmetic that inference needs around a graph.
 *
 * @module
 */

export {
  type DataType,
  elementCount,
  type Feeds,
  type Shape,
  type Tensor,
  type TensorData,
  type TensorOf,
} from "./tensor.ts";
