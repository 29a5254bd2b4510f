import assert from "node:assert/strict";
import { Metrics, type ModelMetrics } from "../../src/metrics.ts";

/** Metrics whose lines can be read back, without their times. */
function recorded(): {
  readonly model: ModelMetrics;
  readonly lines: string[];
} {
  const lines: string[] = [];
  const take = (log: string) => (line: string) =>
    lines.push(`${log} ${line.replace(/,timestamp:\d{10}$/, "")}`);
  const metrics = new Metrics({
    host: "h",
    mmsLog: take("mms"),
    modelLog: take("model"),
  });
  return { model: metrics.add("m"), lines };
}

Deno.test("ModelMetrics writes MMS's lines", async (t) => {
  const { model, lines } = recorded();

  await t.step("for a worker that has loaded", () => {
    model.loaded("W-m-1", 812.4);
    assert.deepEqual(lines.splice(0), [
      "mms W-m-1.ms:812|#Level:Host|#hostname:h",
    ]);
  });

  await t.step("for a batch", () => {
    model.ran({ size: 2, ms: 3.14159, requestIds: () => ["a", "b"] });
    assert.deepEqual(lines.splice(0), [
      "model PredictionTime.Milliseconds:3.14|#ModelName:m,Level:Model|#hostname:h,requestID:a,b",
    ]);
  });

  await t.step("for what a service measured, with its dimensions", () => {
    const dimensions = [["size", "big"]] as const;
    model.measured({ name: "t", value: 2, unit: "s", dimensions });
    model.measured({ name: "n", value: 1 });
    model.measured({ name: "toString", value: 1, unit: "constructor" });
    assert.deepEqual(lines.splice(0), [
      "model t.Seconds:2|#size:big,ModelName:m,Level:Model|#hostname:h",
      "model n.unit:1|#ModelName:m,Level:Model|#hostname:h",
      "model toString.constructor:1|#ModelName:m,Level:Model|#hostname:h",
    ]);
  });

  await t.step("for errors, which have a level of their own", () => {
    const dimensions = [["Level", "Error"]] as const;
    model.measured({ name: "e", value: "why", unit: "", dimensions });
    assert.deepEqual(lines.splice(0), [
      "model e.unit:why|#Level:Error,ModelName:m|#hostname:h",
    ]);
  });

  await t.step("at the time that was measured", () => {
    const written: string[] = [];
    const metrics = new Metrics({
      host: "h",
      modelLog: (line) => written.push(line),
    });
    metrics.add("m").measured({ name: "n", value: 1, timestamp: 7 });
    assert.match(written[0]!, /,timestamp:7$/);
  });
});

Deno.test("ModelMetrics makes no lines where nobody takes them", () => {
  const model = new Metrics({ host: "h" }).add("m");
  let asked = 0;
  model.ran({ size: 1, ms: 1, requestIds: () => [String(asked++)] });
  model.measured({ name: "n", value: 1 });
  model.loaded("W-m-1", 1);
  assert.equal(asked, 0);
  assert.equal(model.batches.count, 1);
});

Deno.test("ModelMetrics counts few statuses, however many there are", () => {
  const model = new Metrics({ host: "h" }).add("m");
  for (let status = 200; status < 600; status++) {
    model.answered(status, { ms: 1, received: 0, sent: 0 });
  }
  const counts = [...model.requests.values()].map(({ count }) => count);
  assert.equal(counts.length, 25);
  assert.equal(counts.reduce((sum, count) => sum + count), 400);
  assert.equal(model.requests.get(0)?.count, 376);
});
