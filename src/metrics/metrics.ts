import type { Family } from "./family.ts";
import { type Metric, metricLine } from "./metric_line.ts";
import { modelFamilies, responseFamily } from "./mms_families.ts";
import { ModelMetrics } from "./model_metrics.ts";
import { predictionLines } from "./prediction_line.ts";
import { processFamilies } from "./process_families.ts";
import type { ModelLines } from "./recorded.ts";
import { ResponseLines } from "./response_lines.ts";
import { stateFamilies } from "./state_families.ts";
import type { MetricsState } from "./state.ts";
import { systemMetrics } from "./system_metrics.ts";
import { SystemSampler } from "./system_sampler.ts";
import { torchserveFamilies } from "./torchserve_families.ts";

/** Takes one line. */
export type TakeLine = (line: string) => void;

type TakeMetric = (metric: Metric) => void;

/** Where lines go; none are made where they are left out. */
export interface MetricsOptions {
  /** What the lines call this machine; its own name by default. */
  readonly host?: string;
  /** Takes the lines of `mms_metrics.log`. */
  readonly mmsLog?: TakeLine | undefined;
  /** Takes the lines of `model_metrics.log`. */
  readonly modelLog?: TakeLine | undefined;
}

/** A page of metrics. */
export interface MetricsPage {
  /** The value of its `content-type`. */
  readonly contentType: string;
  /** The page, in Prometheus's text format. */
  readonly text: string;
}

/** Statuses have three digits. */
const STATUSES = 1000;

/** The longest interval that timers of the runtime know, in s. */
const LONGEST_INTERVAL = 2_147_483;

/**
 * Counts what the server does, for the files of MMS and for Prometheus.
 * Counting costs well under 1 µs a request; what Prometheus wants to know is
 * put together when it asks.
 */
export class Metrics {
  readonly #host: string;
  readonly #mmsLog: TakeLine | undefined;
  readonly #modelLog: TakeLine | undefined;
  readonly #responseLines: ResponseLines;
  /** Responses by status. */
  readonly #responses = new Float64Array(STATUSES);
  readonly #models = new Map<string, ModelMetrics>();
  readonly #sampler = new SystemSampler();
  #state: MetricsState = { models: () => [] };

  /** Begins at nothing. */
  constructor(options: MetricsOptions = {}) {
    this.#host = options.host ?? Deno.hostname();
    this.#mmsLog = options.mmsLog;
    this.#modelLog = options.modelLog;
    this.#responseLines = new ResponseLines(this.#host);
  }

  /** Counts a response of any listener, whatever was asked for. */
  responded(status: number): void {
    this.#responses[status]!++; // What is no status is not counted.
    this.#mmsLog?.(this.#responseLines.of(status));
  }

  /** Begins to count for a model that was registered, from nothing. */
  add(name: string, version = ""): ModelMetrics {
    const model = new ModelMetrics(name, version, {
      mms: this.#writer(this.#mmsLog),
      model: this.#writer(this.#modelLog),
      prediction: this.#predictionWriter(name),
    });
    this.#models.set(name, model);
    return model;
  }

  /** Returns what counts for a model; `undefined` if it is not registered. */
  find(name: string): ModelMetrics | undefined {
    return this.#models.get(name);
  }

  /**
   * Lets go of a model that was unregistered: nothing of it is shown any more.
   * One that was registered under the same name since stays.
   */
  forget(model: ModelMetrics): void {
    if (this.find(model.name) === model) this.#models.delete(model.name);
  }

  /** Says what to ask when somebody looks. */
  watch(state: MetricsState): void {
    this.#state = state;
  }

  /**
   * Writes how busy the machine is, now and every so many seconds until it is
   * disposed of; never with 0 or where nobody takes the lines.
   */
  sampleSystem(seconds: number): Disposable {
    if (seconds <= 0 || this.#mmsLog === undefined) {
      return { [Symbol.dispose]: () => {} };
    }
    const sampler = new SystemSampler();
    const write = () => this.#writeSystem(sampler);
    write();
    const timer = setInterval(
      write,
      Math.min(seconds, LONGEST_INTERVAL) * 1000,
    );
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  /** Returns all that was counted, as Prometheus reads it. */
  async page(): Promise<MetricsPage> {
    const { expose } = await import(
      import.meta.resolve("./prometheus.ts")
    ) as typeof import("./prometheus.ts");
    return await expose(await this.#families());
  }

  #writer(take: TakeLine | undefined): TakeMetric | undefined {
    return take && ((metric) => take(metricLine(metric, this.#host)));
  }

  #predictionWriter(model: string): ModelLines["prediction"] {
    const take = this.#modelLog;
    if (take === undefined) return undefined;
    const lineOf = predictionLines(model, this.#host);
    return (ms, requestIds) => take(lineOf(ms, requestIds));
  }

  async #families(): Promise<readonly Family[]> {
    const models = [...this.#models.values()];
    const responses = new Map(
      [...this.#responses.entries()].filter(([, count]) => count > 0),
    );
    const sample = await this.#sampler.sample().catch(untold);
    return [
      ...processFamilies(),
      responseFamily(responses),
      ...modelFamilies(models),
      ...stateFamilies(this.#state),
      ...torchserveFamilies({
        host: this.#host,
        models,
        responses,
        system: sample === undefined ? [] : systemMetrics(sample),
      }),
    ];
  }

  async #writeSystem(sampler: SystemSampler): Promise<void> {
    const sample = await sampler.sample().catch(untold);
    if (sample === undefined) return;
    const timestamp = Math.floor(Date.now() / 1000);
    for (const metric of systemMetrics(sample)) {
      this.#mmsLog?.(metricLine({ ...metric, timestamp }, this.#host));
    }
  }
}

/** Not every sandbox tells how busy the machine is, which is no reason to fail. */
function untold(): undefined {
  return undefined;
}
