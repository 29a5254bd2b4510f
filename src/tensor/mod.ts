/**
 * Dense arrays and the arithmetic that inference needs around a graph.
 *
 * @module
 */

export { padding, stack, unstack } from "./batch.ts";
export { castFloats, type CastType, isCastType, numbersOf } from "./cast.ts";
export { fromHalfBits, toHalfBits } from "./half.ts";
export { type Elements, layOut, type LayoutOptions } from "./layout.ts";
export { type Pixels, type Planes, toGrey, toPlanes } from "./pixels.ts";
export { type Interpolation, resize, type ResizeOptions } from "./resize.ts";
export { softmax } from "./softmax.ts";
export {
  DATA_TYPES,
  type DataType,
  elementCount,
  type Feeds,
  type Shape,
  type Tensor,
  type TensorData,
  type TensorOf,
} from "./tensor.ts";
export { topK } from "./top_k.ts";
export { type InverseDct, inverseDctModule } from "./wasm/inverse_dct.ts";
