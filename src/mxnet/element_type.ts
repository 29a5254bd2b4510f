import type { DataType } from "../tensor/mod.ts";

/** The element types of MXNet arrays, by numpy's names. */
export type ElementType = Exclude<DataType, "string"> | "bfloat16";

interface ElementFacts {
  /** Bytes an element takes. */
  readonly bytes: number;
  /** MXNet's `type_flag`. */
  readonly flag: number;
  /** ONNX's `TensorProto.DataType`. */
  readonly onnx: number;
}

// mshadow/base.h (TypeFlag); onnx.proto (TensorProto.DataType)
const FACTS: Readonly<Record<ElementType, ElementFacts>> = {
  float32: { bytes: 4, flag: 0, onnx: 1 },
  float64: { bytes: 8, flag: 1, onnx: 11 },
  float16: { bytes: 2, flag: 2, onnx: 10 },
  uint8: { bytes: 1, flag: 3, onnx: 2 },
  int32: { bytes: 4, flag: 4, onnx: 6 },
  int8: { bytes: 1, flag: 5, onnx: 3 },
  int64: { bytes: 8, flag: 6, onnx: 7 },
  bool: { bytes: 1, flag: 7, onnx: 9 },
  int16: { bytes: 2, flag: 8, onnx: 5 },
  uint16: { bytes: 2, flag: 9, onnx: 4 },
  uint32: { bytes: 4, flag: 10, onnx: 12 },
  uint64: { bytes: 8, flag: 11, onnx: 13 },
  bfloat16: { bytes: 2, flag: 12, onnx: 16 },
};

const BY_FLAG = new Map(
  Object.entries(FACTS).map(([name, { flag }]) => [flag, name as ElementType]),
);

/** Returns the type that MXNet's `type_flag` stands for, if any. */
export function typeOfFlag(flag: number): ElementType | undefined {
  return BY_FLAG.get(flag);
}

/** Returns the type of that name (`float32`) or flag (`"0"`), if any. */
export function typeOfName(text: string): ElementType | undefined {
  if (Object.hasOwn(FACTS, text)) return text as ElementType;
  return /^\d+$/.test(text) ? BY_FLAG.get(Number(text)) : undefined;
}

/** Returns how many bytes one element takes. */
export function bytesOf(type: ElementType): number {
  return FACTS[type].bytes;
}

/** Returns ONNX's number for the type. */
export function onnxTypeOf(type: ElementType): number {
  return FACTS[type].onnx;
}

/** Returns whether values of the type have fractions. */
export function isFloat(type: ElementType): boolean {
  return type.startsWith("float") || type === "bfloat16";
}

/**
 * Returns the type in which values of a type are computed: half precision runs
 * as float32, everything else as itself.
 */
export function carrierOf(type: ElementType): ElementType {
  return type === "float16" || type === "bfloat16" ? "float32" : type;
}
