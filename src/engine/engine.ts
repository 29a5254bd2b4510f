import type { DataType, Feeds } from "../tensor/mod.ts";

/** One input or output of a graph, as the graph declares it. */
export interface GraphValue {
  /** As the graph calls it. */
  readonly name: string;
  /** The type of its elements. */
  readonly type: DataType;
  /** A number is a fixed extent, a string a free one by its symbolic name. */
  readonly shape: readonly (number | string)[];
}

/** One loaded graph. */
export interface Session extends AsyncDisposable {
  /** What the graph needs, in its own order, without initializers. */
  readonly inputs: readonly GraphValue[];
  /** What the graph gives, in its own order. */
  readonly outputs: readonly GraphValue[];
  /**
   * Runs the graph once and returns every output by name.
   *
   * @throws {MmsError} `bad_request` if the graph refuses the feeds;
   * `prediction_failed` if it fails on them; `out_of_memory` if memory ends
   */
  run(feeds: Feeds): Promise<Feeds>;
}

/** How a graph is run. */
export interface SessionOptions {
  /** Threads within one operator, 1 or more. */
  readonly threads: number;
}

/** Loads graphs. */
export interface Engine {
  /**
   * Loads the ONNX file at `path`; its external data must lie beside it.
   *
   * @throws {MmsError} `invalid_model` if the file is not a graph that runs
   */
  load(path: string, options: SessionOptions): Promise<Session>;
}
