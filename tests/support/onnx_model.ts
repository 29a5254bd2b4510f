/**
 * Writes small ONNX files for tests, byte by byte (onnx.proto3, IR version 8).
 *
 * @module
 */

import type { DataType } from "../../src/tensor/mod.ts";

/** `TensorProto.DataType` of onnx.proto3. */
const ELEMENT_TYPES: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

/** One input or output: a number is a fixed extent, a string a free one. */
export interface ModelValue {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly (number | string)[];
}

/** One operator without attributes. */
export interface ModelNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** What the file is to hold. */
export interface ModelSource {
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly nodes: readonly ModelNode[];
  /** Operator set version; 17 unless given. */
  readonly opset?: number;
}

/** Returns the bytes of an ONNX file. */
export function onnxModel(source: ModelSource): Uint8Array<ArrayBuffer> {
  const graph = [
    ...source.nodes.flatMap((node) => message(1, nodeProto(node))),
    ...text(2, "test"),
    ...source.inputs.flatMap((value) => message(11, valueInfo(value))),
    ...source.outputs.flatMap((value) => message(12, valueInfo(value))),
  ];
  return Uint8Array.from([
    ...number(1, 8),
    ...message(7, graph),
    ...message(8, number(2, source.opset ?? 17)),
  ]);
}

function nodeProto(node: ModelNode): number[] {
  return [
    ...node.inputs.flatMap((name) => text(1, name)),
    ...node.outputs.flatMap((name) => text(2, name)),
    ...text(4, node.op),
  ];
}

function valueInfo({ name, type, shape }: ModelValue): number[] {
  const dims = shape.flatMap((extent) =>
    message(1, typeof extent === "number" ? number(1, extent) : text(2, extent))
  );
  const tensor = [...number(1, ELEMENT_TYPES[type]), ...message(2, dims)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

function varint(value: number): number[] {
  return value < 128
    ? [value]
    : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}
