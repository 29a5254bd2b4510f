import { Histogram } from "./histogram.ts";
import type { Dimension } from "./metric_line.ts";
import { modelDimensions } from "./prediction_line.ts";
import type {
  AnsweredRequest,
  CustomMetric,
  LastDurations,
  ModelLines,
  PredictionStage,
  RanBatch,
} from "./recorded.ts";
import { unitName } from "./units.ts";

/** Bounds of durations, in ms: from a no-op's to those of large models. */
const DURATIONS: readonly number[] = [
  ...[0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500],
  ...[1_000, 2_500, 5_000, 10_000, 30_000, 60_000],
];

/** Bounds of how long a worker takes to load a model, in ms. */
const LOAD_DURATIONS: readonly number[] = [
  ...[50, 100, 250, 500, 1_000, 2_500],
  ...[5_000, 10_000, 30_000, 60_000, 120_000, 300_000],
];

const BATCH_SIZES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128];

/** A service may answer with any status: more are counted together, as 0. */
const MAX_STATUSES = 24;

/** Counts what happens to one model, in well under 1 µs each time. */
export class ModelMetrics {
  /** What it is registered as. */
  readonly name: string;
  /** The version that its archive states; empty where it states none. */
  version: string;
  /** Durations of requests by status, in ms; at 0 those of further statuses. */
  readonly requests: Map<number, Histogram> = new Map();
  /** Times in the queue, in ms. */
  readonly waits: Histogram = new Histogram(DURATIONS);
  /** Requests in a batch. */
  readonly batchSizes: Histogram = new Histogram(BATCH_SIZES);
  /** Times that workers took for a batch, in ms. */
  readonly batches: Histogram = new Histogram(DURATIONS);
  /** Times that batches spent in each stage, in ms. */
  readonly stages: Readonly<Record<PredictionStage, Histogram>> = {
    preprocess: new Histogram(DURATIONS),
    run: new Histogram(DURATIONS),
    postprocess: new Histogram(DURATIONS),
  };
  /** Times that workers took to load it, in ms. */
  readonly loads: Histogram = new Histogram(LOAD_DURATIONS);
  /** What TorchServe's gauges show. */
  readonly last: Readonly<LastDurations>;
  /** Bytes of the bodies of all requests. */
  received = 0;
  /** Bytes of the bodies of all answers. */
  sent = 0;
  /** Workers that died and were started again. */
  restarts = 0;
  readonly #last: LastDurations = {};
  readonly #lines: ModelLines;

  /** Begins at nothing. */
  constructor(name: string, version: string, lines: ModelLines) {
    this.name = name;
    this.version = version;
    this.last = this.#last;
    this.#lines = lines;
  }

  /** Counts a request that was answered, with whatever status. */
  answered(status: number, { ms, received, sent }: AnsweredRequest): void {
    (this.requests.get(status) ?? this.#addStatus(status)).observe(ms);
    this.received += received;
    this.sent += sent;
  }

  /** Counts a request that has left the queue for a worker. */
  waited(ms: number): void {
    this.waits.observe(ms);
    this.#last.wait = ms;
  }

  /** Counts a batch that a worker has answered. */
  ran({ size, ms, roundTripMs, stages, requestIds }: RanBatch): void {
    this.batchSizes.observe(size);
    this.batches.observe(ms);
    this.#last.batch = ms;
    if (roundTripMs !== undefined) this.#last.way = roundTripMs - ms;
    if (stages !== undefined) this.#countStages(stages);
    this.#lines.prediction?.(ms, requestIds?.().join(","));
  }

  /** Counts a worker that has loaded the model. */
  loaded(worker: string, ms: number): void {
    this.loads.observe(ms);
    this.#last.load = { worker, ms };
    this.#lines.mms?.({
      name: worker,
      unit: "ms",
      value: Math.round(ms),
      dimensions: HOST,
      timestamp: now(),
    });
  }

  /** Counts a worker that died and is started again. */
  restarted(): void {
    this.restarts++;
  }

  /** Writes what a service measured itself. */
  measured(metric: CustomMetric): void {
    const write = this.#lines.model;
    if (write === undefined) return;
    const { dimensions = [], timestamp = now() } = metric;
    write({
      ...metric,
      unit: unitName(metric.unit),
      timestamp,
      dimensions: [...dimensions, ...missing(dimensions, this.name)],
    });
  }

  #addStatus(status: number): Histogram {
    const key = this.requests.size < MAX_STATUSES ? status : 0;
    const histogram = this.requests.get(key) ?? new Histogram(DURATIONS);
    this.requests.set(key, histogram);
    return histogram;
  }

  #countStages(stages: NonNullable<RanBatch["stages"]>): void {
    const { preprocess, run, postprocess } = stages;
    if (preprocess !== undefined) this.stages.preprocess.observe(preprocess);
    if (run !== undefined) this.stages.run.observe(run);
    if (postprocess !== undefined) this.stages.postprocess.observe(postprocess);
  }
}

const HOST: readonly Dimension[] = [["Level", "Host"]];

/** Returns the dimensions that each metric of a model has, unless it has them. */
function missing(
  dimensions: readonly Dimension[],
  model: string,
): readonly Dimension[] {
  const given = new Set(dimensions.map(([name]) => name));
  return modelDimensions(model).filter(([name]) => !given.has(name));
}

/** In s since 1970. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
