import assert from "node:assert/strict";
import { Metrics } from "../../src/metrics.ts";
import {
  ask,
  pidOf,
  registerReady,
  scriptedRegistry,
  until,
} from "./support/workload.ts";

Deno.test("A registry counts what its models do", async () => {
  const mms: string[] = [];
  const model: string[] = [];
  const metrics = new Metrics({
    host: "here",
    mmsLog: (line) => mms.push(line),
    modelLog: (line) => model.push(line),
  });
  await using registry = scriptedRegistry({
    metrics,
    defaults: { maxBatchDelay: 50 },
  });
  const counted = await registerReady(registry, { name: "m", batchSize: 2 });
  await Promise.all(["a", "b", "c"].map((id) => ask(counted, id)));
  const seen = metrics.find("m")!;
  assert.deepEqual(
    [seen.waits, seen.batchSizes, seen.batches, seen.loads].map((h) => h.count),
    [3, 2, 2, 1],
  );
  assert.match(mms.join("\n"), /^W-9000-m\.ms:\d+\|#Level:Host\|/);
  assert.equal(model.length, 2);
  assert.match(model[0]!, /^PredictionTime\.Milliseconds:.*requestID:a,b,/);

  Deno.kill(pidOf(await ask(counted, "who")), "SIGKILL");
  await until("it is counted", () => seen.restarts === 1);

  await registry.unregister("m", { timeout: 5000 });
  assert.equal(metrics.find("m"), undefined);
});

Deno.test("A registry takes metrics from the output of workers", async () => {
  const model: string[] = [];
  const metrics = new Metrics({
    host: "here",
    modelLog: (line) => model.push(line),
  });
  await using registry = scriptedRegistry({ metrics });
  const counted = await registerReady(registry, { name: "m" });
  const text = [
    "[METRICS]Faces.Count:3|#Size:big|#hostname:there,1541100000,r1",
    "[METRICS]none of these",
    "",
  ].join("\n");
  await ask(counted, "r1", { type: "print", text });
  const faces = () => model.filter((line) => line.startsWith("Faces"));
  await until("it is written", () => faces().length > 0);
  assert.deepEqual(faces(), [
    "Faces.Count:3|#Size:big,ModelName:m,Level:Model|#hostname:here,requestID:r1,timestamp:1541100000",
  ]);
});
