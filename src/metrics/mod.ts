/**
 * Counts of what the server does: for Prometheus, and as the lines of MMS's
 * `mms_metrics.log` and `model_metrics.log`.
 *
 * @module
 */

export { Histogram } from "./histogram.ts";
export type { Dimension, Metric } from "./metric_line.ts";
export {
  Metrics,
  type MetricsOptions,
  type MetricsPage,
  type TakeLine,
} from "./metrics.ts";
export { ModelMetrics } from "./model_metrics.ts";
export { parseMetricLine } from "./parse_metric_line.ts";
export type {
  AnsweredRequest,
  CustomMetric,
  LastDurations,
  ModelLines,
  PredictionStage,
  RanBatch,
} from "./recorded.ts";
export type { MetricsState, ModelState, WorkerState } from "./state.ts";
