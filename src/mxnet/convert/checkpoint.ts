import type { DataType } from "../../tensor/mod.ts";
import type { ByteSource } from "../byte_source.ts";

/** One input as a signature declares it. */
export interface CheckpointInput {
  /** The variable's name in the symbol. */
  readonly name: string;
  /** Extents; 0 means any. Axis 0 is the batch. */
  readonly shape: readonly number[];
  /** The type of the elements where the symbol has none; float32 if absent. */
  readonly dataType?: DataType;
}

/** A checkpoint of MXNet: a graph, and the parameters it was trained to. */
export interface Checkpoint {
  /** The text of `NAME-symbol.json`. */
  readonly symbol: string;
  /** The bytes of `NAME-0000.params`. */
  readonly params: ByteSource;
  /** The parameter file's name, relative to where the graph will lie. */
  readonly paramsName: string;
  /**
   * The inputs to feed, in the order in which the graph is to have them; if
   * absent, every variable that has no parameter.
   */
  readonly inputs?: readonly CheckpointInput[];
  /**
   * `"external"`, the default: the graph names the weights' places in the
   * parameter file, which has to lie beside it. `"inline"`: the graph holds
   * them.
   */
  readonly weights?: "external" | "inline";
}

/** One input or output of a converted graph. */
export interface ConvertedValue {
  /** For outputs, as MXNet's `list_outputs` names it. */
  readonly name: string;
  /** MXNet's type; bfloat16 is given and taken as float32. */
  readonly type: DataType;
  /** Text is the name of a free extent; `"N"` is the batch. */
  readonly shape: readonly (number | string)[];
}

/**
 * `"free"` if the graph takes any extent on axis 0 of its inputs, else the only
 * one it takes, and why. Requests can be stacked where it is free and every
 * output has `"N"` as its first extent; a layer that works along axis 0, such
 * as an RNN over [time, batch, features], still sees the items of all.
 */
export type ConvertedBatch =
  | "free"
  | {
    /** Items in every run. */
    readonly fixed: number;
    /** Which node demands it. */
    readonly reason: string;
  };

/** What a conversion made. */
export interface ConvertedGraph {
  /** In the order of the signature, labels left out. */
  readonly inputs: readonly ConvertedValue[];
  /** In the order of the symbol's heads. */
  readonly outputs: readonly ConvertedValue[];
  /** Whether the graph takes any number of items. */
  readonly batch: ConvertedBatch;
  /** What the user should know, in sentences without a final period. */
  readonly warnings: readonly string[];
  /** The version of the ONNX operators. */
  readonly opset: number;
  /** major × 10000 + minor × 100 + patch of the MXNet that wrote the symbol. */
  readonly mxnetVersion: number;
  /** Whether the graph refers to the parameter file. */
  readonly external: boolean;
}
