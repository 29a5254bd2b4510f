import type { Measure, StageRecorder } from "../../service/mod.ts";
import type { MetricHeader, StageTimes } from "../protocol/messages.ts";

/** What is seen of one batch while it runs. */
export class Observed {
  #stages: { -readonly [S in keyof StageTimes]: StageTimes[S] } | undefined;
  #metrics: MetricHeader[] | undefined;

  /** How long its stages took, where the service tells. */
  get stages(): StageTimes | undefined {
    return this.#stages;
  }

  /** What the service measured itself, if anything. */
  get metrics(): readonly MetricHeader[] | undefined {
    return this.#metrics;
  }

  /** Takes note of a stage. */
  readonly record: StageRecorder = (stage, ms) => {
    this.#stages ??= {};
    this.#stages[stage] = (this.#stages[stage] ?? 0) + ms;
  };

  /** Takes note of a metric. */
  readonly measure: Measure = ({ name, value, unit, dimensions }) => {
    this.#metrics ??= [];
    this.#metrics.push({
      name,
      value,
      ...unit !== undefined && { unit },
      ...dimensions !== undefined && { dimensions },
    });
  };
}
