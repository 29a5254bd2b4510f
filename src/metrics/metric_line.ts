/** One value that a model or the server measured. */
export interface Metric {
  /** What was measured. */
  readonly name: string;
  /** A text where something is told rather than measured, such as an error. */
  readonly value: number | string;
  /** As it is to be written. */
  readonly unit: string;
  /** What it belongs to, such as `["Level", "Host"]`. */
  readonly dimensions: readonly Dimension[];
  /** The ids of its requests, joined with commas. */
  readonly requestId?: string | undefined;
  /** When it was measured, in s since 1970. */
  readonly timestamp: number;
}

/** A name and a value. */
export type Dimension = readonly [name: string, value: string];

/** Longer names and values are cut, in UTF-16 code units. */
const MAX_PART = 1024;

/** What parts of a line end with, and what could make two lines of one. */
const SEPARATORS = /[|\p{Cc}\u2028\u2029]/gu;

/** Most parts have none of these, which is told in no time. */
const NOT_PLAIN = /[^ -{}~]/;

/**
 * Returns the line of a metric as MMS writes it (mms-behaviour §6.7):
 * `Name.Unit:value|#Level:Host|#hostname:h,requestID:r,timestamp:1`.
 * Characters that would break the line become `_`.
 */
export function metricLine(metric: Metric, host: string): string {
  const { name, value, unit, dimensions, requestId, timestamp } = metric;
  const title = `${word(name)}.${word(unit)}`;
  const request = requestId === undefined
    ? ""
    : `,requestID:${metricPart(requestId)}`;
  return `${title}:${metricPart(String(value))}|#${
    dimensions.map(([name, value]) => `${word(name)}:${word(value)}`).join(",")
  }|#hostname:${host}${request},timestamp:${timestamp}`;
}

/** Returns a text as it may stand in a line. */
export function metricPart(text: string): string {
  if (text.length <= MAX_PART && !NOT_PLAIN.test(text)) return text;
  return text.slice(0, MAX_PART).replace(SEPARATORS, "_");
}

function word(text: string): string {
  return metricPart(text).replace(/[,:#]/g, "_");
}
