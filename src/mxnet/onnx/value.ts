import { UndeterminedError } from "../conversion_error.ts";
import type { ElementType } from "../element_type.ts";
import type { Dims } from "./dims.ts";
import type { GraphBuilder } from "./graph_builder.ts";
import type { OnnxTensor } from "./model.ts";

/** What is known of a value beyond its name. */
export interface ValueFacts {
  /**
   * MXNet's type of the elements. float16 and bfloat16 are computed, and kept
   * in the graph, as float32.
   */
  readonly type: ElementType;
  /** Absent while nothing has told the rank. */
  readonly dims?: Dims;
  /** The tensor, if the value is an initializer. */
  readonly tensor?: OnnxTensor;
  /** The number that every element is, if they are all one known number. */
  readonly fill?: number;
  /** Who wants to know the extents, for values whose rank is not known yet. */
  readonly source?: string;
}

/** One value in a graph under construction. */
export class Value {
  readonly graph: GraphBuilder;
  /** The name in the ONNX graph, unique there. */
  readonly name: string;
  readonly type: ElementType;
  readonly tensor: OnnxTensor | undefined;
  readonly fill: number | undefined;
  readonly source: string | undefined;
  readonly #dims: Dims | undefined;

  /** Only `GraphBuilder` makes values. */
  constructor(graph: GraphBuilder, name: string, facts: ValueFacts) {
    this.graph = graph;
    this.name = name;
    this.type = facts.type;
    this.tensor = facts.tensor;
    this.fill = facts.fill;
    this.source = facts.source;
    this.#dims = facts.dims;
  }

  /** Whether the rank is known. */
  get determined(): boolean {
    return this.#dims !== undefined;
  }

  /**
   * The extents.
   *
   * @throws {UndeterminedError} if not even the rank is known yet
   */
  get dims(): Dims {
    if (this.#dims !== undefined) return this.#dims;
    throw new UndeterminedError(`the shape of ${this.source} does not follow`);
  }

  /** The number of extents. */
  get rank(): number {
    return this.dims.length;
  }
}
