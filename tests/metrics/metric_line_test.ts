import assert from "node:assert/strict";
import { type Metric, metricLine } from "../../src/metrics/metric_line.ts";
import { parseMetricLine } from "../../src/metrics.ts";

const metric: Metric = {
  name: "PredictionTime",
  unit: "Milliseconds",
  value: 1.5,
  dimensions: [["ModelName", "squeezenet"], ["Level", "Model"]],
  timestamp: 1542157988,
};

Deno.test("metricLine()", async (t) => {
  await t.step("writes lines as MMS does", () => {
    assert.equal(
      metricLine(metric, "h"),
      "PredictionTime.Milliseconds:1.5|#ModelName:squeezenet,Level:Model|#hostname:h,timestamp:1542157988",
    );
    assert.equal(
      metricLine({ ...metric, requestId: "a,b" }, "h"),
      "PredictionTime.Milliseconds:1.5|#ModelName:squeezenet,Level:Model|#hostname:h,requestID:a,b,timestamp:1542157988",
    );
  });

  await t.step("keeps what a model makes up from breaking the line", () => {
    const line = metricLine({
      ...metric,
      name: "a|#b:c\n",
      value: "oh | no\r\nX.Count:1",
      dimensions: [["x,y", "1:2|3"]],
      requestId: "r|\u2028",
    }, "h");
    assert.equal(
      line,
      "a__b_c_.Milliseconds:oh _ no__X.Count:1|#x_y:1_2_3|#hostname:h,requestID:r__,timestamp:1542157988",
    );
  });

  await t.step("cuts what is too long", () => {
    const value = "x".repeat(100_000);
    assert.ok(metricLine({ ...metric, value }, "h").length < 2000);
  });
});

Deno.test("parseMetricLine()", async (t) => {
  const parse = (text: string) => parseMetricLine(`[METRICS]${text}`);

  await t.step("reads what workers of MMS write", () => {
    assert.deepEqual(
      parse(
        "PredictionTime.Milliseconds:12.34|#ModelName:m,Level:Model|#hostname:box,1542157988,id1,id2",
      ),
      {
        name: "PredictionTime",
        unit: "Milliseconds",
        value: "12.34",
        dimensions: [["ModelName", "m"], ["Level", "Model"]],
        timestamp: 1542157988,
        requestId: "id1,id2",
      },
    );
  });

  await t.step("reads one without requests", () => {
    const found = parse("x.Count:1|#Level:Model|#hostname:box,1542157988");
    assert.equal(found?.requestId, undefined);
    assert.equal(found?.timestamp, 1542157988);
  });

  await t.step("reads names that MMS loses", () => {
    const found = parse("cache.hit-rate.Percent:9|#Level:M|#hostname:b,1");
    assert.equal(found?.name, "cache.hit-rate");
    assert.equal(found?.unit, "Percent");
  });

  await t.step("reads errors, which MMS logs as null", () => {
    const found = parse("Broken.:no: such file|#Level:Error|#hostname:b,1,r");
    assert.equal(found?.value, "no: such file");
    assert.equal(found?.unit, "");
  });

  await t.step("keeps colons in the values of dimensions", () => {
    const found = parse("x.Count:1|#at:1:2,none,Level:M|#hostname:b,1");
    assert.deepEqual(found?.dimensions, [["at", "1:2"], ["Level", "M"]]);
  });

  await t.step("leaves other lines to the log", () => {
    for (
      const line of [
        "x.Count:1|#Level:Host|#hostname:h,1",
        "[METRICS]",
        "[METRICS]x.Count:1",
        "[METRICS]x.Count:1|#Level:M|#hostname:h",
        "[METRICS]x.Count:1|#Level:M|#hostname:h,soon",
        " [METRICS]x.Count:1|#Level:M|#hostname:h,1",
      ]
    ) assert.equal(parseMetricLine(line), undefined, line);
  });

  await t.step("takes time in proportion to the line", () => {
    const started = performance.now();
    for (const part of [".", "a.", "a:", "|#", ",", "x.y:1|#"]) {
      parse(part.repeat((1 << 16) / part.length));
    }
    assert.ok(performance.now() - started < 2000);
  });
});
