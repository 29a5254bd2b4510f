import type { Dimension, Metric } from "./metric_line.ts";

/** What workers of MMS put before a metric among their output. */
const PREFIX = "[METRICS]";

/**
 * `Name.Unit:value|#Dim:val,Dim:val|#hostname:h,epoch` and the ids of requests
 * after another comma. MMS's own expression loses names with other characters
 * than letters, values that are texts, and empty units; this one does not.
 */
const LINE =
  /^\s*([^:|]+)\.([^.:|]*):([^|]*)\|#([^|]*)\|#hostname:[^,]*,\s*(\d+)[^,]*(?:,(.*))?$/;

/**
 * Reads a line that a Python service of MMS wrote to its standard output.
 *
 * @returns `undefined` if the line is none of a metric
 */
export function parseMetricLine(line: string): Metric | undefined {
  if (!line.startsWith(PREFIX)) return undefined;
  const match = LINE.exec(line.slice(PREFIX.length));
  if (match === null) return undefined;
  const [, name, unit, value, dimensions, timestamp, requestId] = match;
  return {
    name: name!,
    unit: unit!,
    value: value!, // as it was written
    dimensions: readDimensions(dimensions!),
    timestamp: Number(timestamp),
    requestId: requestId || undefined,
  };
}

function readDimensions(text: string): Dimension[] {
  return text.split(",")
    .map((pair) => [pair, pair.indexOf(":")] as const)
    .filter(([, colon]) => colon > 0)
    .map(([pair, colon]) => [pair.slice(0, colon), pair.slice(colon + 1)]);
}
