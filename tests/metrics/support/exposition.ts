/**
 * Reading Prometheus's text format.
 *
 * @module
 */

import assert from "node:assert/strict";

/** The series of a page: `name{label="value"}` and its value. */
export type Series = ReadonlyMap<string, number>;

const LINE = /^([a-zA-Z_][\w:]*(?:{(?:\w+="(?:[^"\\]|\\.)*",?)*})?) (\S+)$/;

/**
 * Reads a page, and asserts that it is one: each family has its help and type
 * once and before its series, and no series comes twice.
 */
export function readPage(text: string): Series {
  const series = new Map<string, number>();
  const families = new Set<string>();
  let family = "";
  for (const line of text.split("\n").filter((line) => line !== "")) {
    if (line.startsWith("# HELP ")) {
      family = line.split(" ")[2]!;
      assert.ok(!families.has(family), `${family} comes once`);
      families.add(family);
    } else if (!line.startsWith("# TYPE ")) {
      const [, name, value] = LINE.exec(line) ?? assert.fail(line);
      assert.ok(name!.startsWith(family), `${name} is among ${family}`);
      assert.ok(!series.has(name!), `${name} comes once`);
      series.set(name!, value === "+Inf" ? Infinity : Number(value));
    }
  }
  return series;
}
