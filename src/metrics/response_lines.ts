import { type Metric, metricLine } from "./metric_line.ts";

/** MMS counts every other status as 5XX, those of 100 and 300 included. */
const CLASSES = ["2XX", "4XX", "5XX"] as const;

/** The classes that MMS counts responses in. */
export type ResponseClass = typeof CLASSES[number];

/** Returns the class that MMS counts a status in. */
export function responseClass(status: number): ResponseClass {
  if (status >= 200 && status < 300) return "2XX";
  return status >= 400 && status < 500 ? "4XX" : "5XX";
}

/**
 * The lines that MMS writes for every response. Those of one second are the
 * same but for the class, so they are made once.
 */
export class ResponseLines {
  readonly #host: string;
  #second = NaN;
  #lines: Partial<Record<ResponseClass, string>> = {};

  /** Makes lines that name the host. */
  constructor(host: string) {
    this.#host = host;
  }

  /** Returns the line of a response: `Requests2XX.Count:1|#Level:Host|…`. */
  of(status: number): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = {};
    }
    const name = responseClass(status);
    return this.#lines[name] ??= this.#line(name);
  }

  #line(name: ResponseClass): string {
    const metric: Metric = {
      name: `Requests${name}`,
      unit: "Count",
      value: 1,
      dimensions: [["Level", "Host"]],
      timestamp: this.#second,
    };
    return metricLine(metric, this.#host);
  }
}
