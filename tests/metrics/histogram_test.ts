import assert from "node:assert/strict";
import { Histogram } from "../../src/metrics/histogram.ts";

Deno.test("Histogram.observe()", async (t) => {
  const histogram = new Histogram([1, 2.5, 10]);

  await t.step("counts a bound into its bucket, as Prometheus does", () => {
    for (const value of [0, 1, 1.1, 2.5, 10]) histogram.observe(value);
    assert.deepEqual([...histogram.counts], [2, 2, 1, 0]);
  });

  await t.step("counts what is beyond all bounds", () => {
    histogram.observe(1e9);
    histogram.observe(Infinity);
    assert.deepEqual([...histogram.counts], [2, 2, 1, 2]);
  });

  await t.step("knows the number and the sum", () => {
    const other = new Histogram([1]);
    other.observe(0.5);
    other.observe(7);
    assert.equal(other.count, 2);
    assert.equal(other.sum, 7.5);
  });
});
