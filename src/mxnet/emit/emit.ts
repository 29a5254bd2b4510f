/**
 * What operators are put together from: ONNX nodes with their shapes and types.
 *
 * @module
 */

export * from "./arithmetic.ts";
export * from "./cast.ts";
export * from "./constants.ts";
export * from "./extents.ts";
export * from "./gather.ts";
export * from "./kernel.ts";
export * from "./layout.ts";
export * from "./matrix.ts";
export * from "./reduce.ts";
export * from "./slice.ts";
