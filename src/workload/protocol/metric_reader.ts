import type { CustomMetric } from "../../metrics.ts";
import { refuse, requireArray, requireObject, requireText } from "./door.ts";

const NO_METRICS: readonly CustomMetric[] = [];

/**
 * Reads the metrics that a service measured itself.
 *
 * @throws {MmsError} `worker_died` if they are none
 */
export function readMetrics(value: unknown): readonly CustomMetric[] {
  if (value === undefined) return NO_METRICS;
  return requireArray(value, "metrics").map(readMetric);
}

function readMetric(value: unknown): CustomMetric {
  const metric = requireObject(value, "metric");
  const { unit, requestId, dimensions = [] } = metric;
  return {
    name: requireText(metric.name, "metric name"),
    value: requireValue(metric.value),
    ...(unit === undefined ? {} : { unit: requireText(unit, "metric unit") }),
    ...(requestId === undefined
      ? {}
      : { requestId: requireText(requestId, "metric request id") }),
    dimensions: requireArray(dimensions, "metric dimensions")
      .map(requireDimension),
  };
}

function requireValue(value: unknown): number | string {
  if (typeof value === "number" || typeof value === "string") return value;
  refuse("metric value", "a number or text");
}

function requireDimension(value: unknown): readonly [string, string] {
  const [name, text] = requireArray(value, "metric dimension");
  return [
    requireText(name, "name of a metric dimension"),
    requireText(text, "value of a metric dimension"),
  ];
}
