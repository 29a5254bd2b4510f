import type { ElementType } from "../element_type.ts";
import type { LateBytes } from "./protobuf.ts";

/** One attribute of a node, tagged by its ONNX type. */
export type OnnxAttribute =
  | { readonly int: number | bigint }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: OnnxTensor };

/** Bytes in a file beside the graph. */
export interface ExternalBytes {
  /** The file, relative to the graph's folder. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** A tensor that is part of a graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  readonly content: Uint8Array | LateBytes | ExternalBytes;
}

/** One node. An empty input name is an optional input left out. */
export interface OnnxNode {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** One input or output; text is the name of a free extent. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** A whole model. */
export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Facts about the model's origin. */
  readonly metadata: Readonly<Record<string, string>>;
}
