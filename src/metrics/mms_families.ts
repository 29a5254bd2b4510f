import {
  counter,
  type Family,
  histogram,
  type LabelledHistogram,
  type Labels,
  type Sample,
} from "./family.ts";
import type { Histogram } from "./histogram.ts";
import type { ModelMetrics } from "./model_metrics.ts";

/** Values are kept in ms and written in seconds, Prometheus's base unit. */
const MS_PER_SECOND = 1000;

/** Returns what was counted of the models, under names of our own. */
export function modelFamilies(
  models: readonly ModelMetrics[],
): readonly Family[] {
  return [...requestFamilies(models), ...workFamilies(models)];
}

/** Returns the responses of all listeners by status. */
export function responseFamily(
  responses: ReadonlyMap<number, number>,
): Family {
  return counter(
    {
      name: "mms_http_responses_total",
      help: "Responses of all listeners, whatever was asked for.",
    },
    [...responses].map(([status, value]) => ({
      labels: { status: String(status) },
      value,
    })),
  );
}

function requestFamilies(models: readonly ModelMetrics[]): readonly Family[] {
  const durations = models.flatMap(requestDurations);
  const counts = durations.map(({ labels, histogram }) => ({
    labels,
    value: histogram.count,
  }));
  return [
    counter({
      name: "mms_requests_total",
      help: "Requests for predictions that were answered, by status.",
    }, counts),
    histogram({
      name: "mms_request_duration_seconds",
      help: "From the head of a request for a prediction to its answer.",
      divisor: MS_PER_SECOND,
    }, durations),
    counter({
      name: "mms_request_body_bytes_total",
      help: "Bytes of the bodies of requests for predictions.",
    }, models.map((model) => sample(model, model.received))),
    counter({
      name: "mms_response_body_bytes_total",
      help: "Bytes of the bodies of answers to requests for predictions.",
    }, models.map((model) => sample(model, model.sent))),
  ];
}

function workFamilies(models: readonly ModelMetrics[]): readonly Family[] {
  return [
    histogram({
      name: "mms_queue_wait_seconds",
      help: "From accepting a request until a worker is given it.",
      divisor: MS_PER_SECOND,
    }, models.map((model) => labelled(model, model.waits))),
    histogram({
      name: "mms_batch_duration_seconds",
      help: "From a worker's getting a batch until it has answered it.",
      divisor: MS_PER_SECOND,
    }, models.map((model) => labelled(model, model.batches))),
    histogram({
      name: "mms_stage_duration_seconds",
      help: "Time of a batch in one stage of the service.",
      divisor: MS_PER_SECOND,
    }, models.flatMap(stageDurations)),
    batchSizeFamily(models),
    ...workerFamilies(models),
  ];
}

function batchSizeFamily(models: readonly ModelMetrics[]): Family {
  return histogram({
    name: "mms_batch_size",
    help: "Requests that ran together.",
    divisor: 1,
  }, models.map((model) => labelled(model, model.batchSizes)));
}

function workerFamilies(models: readonly ModelMetrics[]): readonly Family[] {
  return [
    histogram({
      name: "mms_worker_load_duration_seconds",
      help: "From starting a worker until it has loaded the model.",
      divisor: MS_PER_SECOND,
    }, models.map((model) => labelled(model, model.loads))),
    counter({
      name: "mms_worker_restarts_total",
      help: "Workers that died and were started again.",
    }, models.map((model) => sample(model, model.restarts))),
  ];
}

function requestDurations(model: ModelMetrics): LabelledHistogram[] {
  return [...model.requests].map(([status, histogram]) => ({
    labels: { ...of(model), status: status === 0 ? "other" : String(status) },
    histogram,
  }));
}

function stageDurations(model: ModelMetrics): LabelledHistogram[] {
  return Object.entries(model.stages).map(([stage, histogram]) => ({
    labels: { ...of(model), stage },
    histogram,
  }));
}

function labelled(
  model: ModelMetrics,
  histogram: Histogram,
): LabelledHistogram {
  return { labels: of(model), histogram };
}

function sample(model: ModelMetrics, value: number): Sample {
  return { labels: of(model), value };
}

function of({ name }: ModelMetrics): Labels {
  return { model: name };
}
