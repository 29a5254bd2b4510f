import { type Dimension, metricLine, metricPart } from "./metric_line.ts";

/** The dimensions of what a model measures, which every one of its metrics has. */
export function modelDimensions(
  model: string,
): readonly Dimension[] {
  return [["ModelName", model], ["Level", "Model"]];
}

/** Numbers below 10 with two places at most, as text: writing one is slow. */
const SHORT = Array.from({ length: 1000 }, (_, i) => String(i / 100));

function inHundredths(ms: number): string {
  const hundredths = Math.round(ms * 100);
  return SHORT[hundredths] ?? String(hundredths / 100);
}

/**
 * Returns what makes the lines that MMS writes for each batch by itself:
 * `PredictionTime.Milliseconds:3.14|#ModelName:m,…`. All but the numbers and
 * the ids is the same in each, and made once.
 */
export function predictionLines(
  model: string,
  host: string,
): (ms: number, requestIds: string | undefined) => string {
  const whole = metricLine({
    name: "PredictionTime",
    unit: "Milliseconds",
    value: "",
    dimensions: modelDimensions(model),
    timestamp: 0,
  }, host);
  const colon = whole.indexOf(":") + 1;
  const [start, middle] = [
    whole.slice(0, colon),
    whole.slice(colon, whole.lastIndexOf(",timestamp:")),
  ];
  return (ms, requestIds) => {
    const value = inHundredths(ms);
    const request = requestIds === undefined
      ? ""
      : `,requestID:${metricPart(requestIds)}`;
    const timestamp = Math.floor(Date.now() / 1000);
    return `${start}${value}${middle}${request},timestamp:${timestamp}`;
  };
}
