import type { Metric } from "./metric_line.ts";

/** Where a model's metrics go besides the counters. */
export interface ModelLines {
  /** Writes one metric to `model_metrics.log`. */
  readonly model: ((metric: Metric) => void) | undefined;
  /** Writes the time of a batch there, in ms, and the ids of its requests. */
  readonly prediction:
    | ((ms: number, requestIds: string | undefined) => void)
    | undefined;
  /** Writes one metric to `mms_metrics.log`. */
  readonly mms: ((metric: Metric) => void) | undefined;
}

/** A request for a prediction that was answered. */
export interface AnsweredRequest {
  /** From its head to its answer, in ms. */
  readonly ms: number;
  /** Bytes of its body. */
  readonly received: number;
  /** Bytes of the answer's body. */
  readonly sent: number;
}

/** The parts of a prediction whose durations are of interest. */
export type PredictionStage = "preprocess" | "run" | "postprocess";

/** A batch that a worker has run. */
export interface RanBatch {
  /** Requests in it, 1 or more. */
  readonly size: number;
  /** How long the worker took, in ms. */
  readonly ms: number;
  /** From handing it over until the answer came back, in ms. */
  readonly roundTripMs?: number | undefined;
  /** How long each stage took for the whole batch, in ms, where known. */
  readonly stages?:
    | Readonly<Partial<Record<PredictionStage, number>>>
    | undefined;
  /** Returns the ids of its requests; asked only where they are written. */
  readonly requestIds?: (() => readonly string[]) | undefined;
}

/**
 * A metric as a service gives it. Its `unit` may be short (`ms`, `s`,
 * `percent`, `count`, `B`, `kB`, `MB`, `GB`), any other word or left out; the
 * model's name is added to its dimensions.
 */
export type CustomMetric =
  & Pick<Metric, "name" | "value" | "requestId">
  & Partial<Pick<Metric, "unit" | "timestamp" | "dimensions">>;

/** The last of some durations, in ms; `undefined` until there is one. */
export interface LastDurations {
  /** In the queue. */
  wait?: number;
  /** Of a batch in its worker. */
  batch?: number;
  /** Of a batch on its way to the worker and back. */
  way?: number;
  /** Of loading the model, and which worker that was. */
  load?: { readonly worker: string; readonly ms: number };
}
