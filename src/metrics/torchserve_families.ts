import {
  counter,
  type Family,
  type FamilyTitle,
  gauge,
  type Labels,
  type Sample,
} from "./family.ts";
import type { Histogram } from "./histogram.ts";
import type { Metric } from "./metric_line.ts";
import type { ModelMetrics } from "./model_metrics.ts";
import type { LastDurations } from "./recorded.ts";
import { responseClass } from "./response_lines.ts";

/** A duration, where there is one. */
type Ms = number | undefined;

/** What is shown under the names that dashboards for TorchServe expect. */
export interface TorchserveView {
  readonly host: string;
  readonly models: readonly ModelMetrics[];
  readonly responses: ReadonlyMap<number, number>;
  readonly system: readonly Omit<Metric, "timestamp">[];
}

/** Returns the same numbers under TorchServe's names (peers §1.5). */
export function torchserveFamilies(view: TorchserveView): readonly Family[] {
  return [
    ...inferenceFamilies(view),
    ...responseFamilies(view),
    ...timeFamilies(view),
    ...systemFamilies(view),
  ];
}

function inferenceFamilies({ models, host }: TorchserveView): Family[] {
  const samples = (value: (model: ModelMetrics) => number): Sample[] =>
    models.map((model) => ({
      labels: {
        model_name: model.name,
        model_version: model.version || "default",
        hostname: host,
      },
      value: value(model),
    }));
  return [
    counter({
      name: "ts_inference_requests_total",
      help: "Requests for predictions, as TorchServe counts them.",
    }, samples(({ requests }) => total(requests, ({ count }) => count))),
    counter(
      {
        name: "ts_inference_latency_microseconds",
        help: "Time of all requests for predictions, as TorchServe adds it up.",
      },
      samples(({ requests }) =>
        microseconds(total(requests, ({ sum }) => sum))
      ),
    ),
    counter({
      name: "ts_queue_latency_microseconds",
      help: "Time of all requests in the queue, as TorchServe adds it up.",
    }, samples(({ waits }) => microseconds(waits.sum))),
  ];
}

function responseFamilies({ responses, host }: TorchserveView): Family[] {
  return (["2XX", "4XX", "5XX"] as const).map((name) => {
    const counts = [...responses]
      .filter(([status]) => responseClass(status) === name)
      .map(([, count]) => count);
    return counter(
      {
        name: `Requests${name}`,
        help: `Responses that MMS and TorchServe count as ${name}.`,
      },
      [{ labels: ofHost(host), value: sum(counts) }],
    );
  });
}

function timeFamilies({ models, host }: TorchserveView): Family[] {
  const times = (title: FamilyTitle, time: (last: LastDurations) => Ms) =>
    gauge(
      title,
      models.flatMap(({ name, last }) => {
        const labels = { ModelName: name, Level: "Model", Hostname: host };
        const ms = time(last);
        return ms === undefined ? [] : [{ labels, value: ms }];
      }),
    );
  const batch = "Last time of a batch, in ms.";
  return [
    times(
      { name: "QueueTime", help: "Last time in the queue, in ms." },
      ({ wait }) => wait,
    ),
    times(
      {
        name: "WorkerThreadTime",
        help: "Last time to a worker and back, in ms.",
      },
      ({ way }) => way,
    ),
    times({ name: "HandlerTime", help: batch }, ({ batch }) => batch),
    times({ name: "PredictionTime", help: batch }, ({ batch }) => batch),
    loadTimeFamily({ models, host }),
  ];
}

function loadTimeFamily(
  { models, host }: Pick<TorchserveView, "models" | "host">,
): Family {
  const samples = models.flatMap(({ last: { load } }) => {
    if (load === undefined) return [];
    const labels = { WorkerName: load.worker, ...ofHost(host) };
    return [{ labels, value: load.ms }];
  });
  const help = "Last time of loading a model, in ms.";
  return gauge({ name: "WorkerLoadTime", help }, samples);
}

function systemFamilies({ system, host }: TorchserveView): Family[] {
  return system.map(({ name, unit, value }) =>
    gauge({ name, help: `${name} of the machine, in ${unit.toLowerCase()}.` }, [
      { labels: ofHost(host), value: Number(value) },
    ])
  );
}

function ofHost(host: string): Labels {
  return { Level: "Host", Hostname: host };
}

function total(
  requests: ReadonlyMap<number, Histogram>,
  of: (histogram: Histogram) => number,
): number {
  return sum([...requests.values()].map(of));
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
