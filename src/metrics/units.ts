/** Names of units as MMS prints them (mms-behaviour §6.8). */
const UNITS: Readonly<Record<string, string>> = {
  "": "unit",
  ms: "Milliseconds",
  s: "Seconds",
  percent: "Percent",
  count: "Count",
  MB: "Megabytes",
  GB: "Gigabytes",
  kB: "Kilobytes",
  B: "Bytes",
};

/** Returns the name of a unit as metrics lines have it; others stay as they are. */
export function unitName(unit: string | undefined): string {
  const name = unit ?? "";
  return Object.hasOwn(UNITS, name) ? UNITS[name]! : name; // it has it
}
