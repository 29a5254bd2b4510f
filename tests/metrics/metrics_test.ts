import assert from "node:assert/strict";
import { Metrics, type ModelState } from "../../src/metrics.ts";
import { VERSION } from "../../src/version.ts";
import { readPage, type Series } from "./support/exposition.ts";

async function pageOf(metrics: Metrics): Promise<Series> {
  return readPage((await metrics.page()).text);
}

Deno.test("Metrics.page()", async (t) => {
  const metrics = new Metrics({ host: "h" });
  const state: ModelState[] = [{
    name: "m",
    queueLength: 3,
    workers: [
      { id: "W-m-1", status: "READY", memoryUsage: 1000 },
      { id: "W-m-2", status: "LOADING", memoryUsage: 0 },
    ],
  }];
  metrics.watch({ models: () => state, droppedLogLines: () => 4 });
  const model = metrics.add("m", "1.0");
  model.answered(200, { ms: 3, received: 100, sent: 20 });
  model.answered(200, { ms: 700, received: 100, sent: 20 });
  model.answered(503, { ms: 0.2, received: 100, sent: 60 });
  model.waited(0.3);
  model.ran({
    size: 3,
    ms: 2.25,
    roundTripMs: 3,
    stages: { preprocess: 1, run: 0.25 },
  });
  model.loaded("W-m-1", 800);
  model.restarted();
  for (const status of [200, 200, 404, 302, 9999, NaN]) {
    metrics.responded(status);
  }
  const series = await pageOf(metrics);
  const expect = (expected: Record<string, number>) => {
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(series.get(name), value, name);
    }
  };

  await t.step("says which format it is in", async () => {
    const { contentType } = await metrics.page();
    assert.equal(contentType, "text/plain; version=0.0.4; charset=utf-8");
  });

  await t.step("counts requests by model and status", () => {
    expect({
      'mms_requests_total{model="m",status="200"}': 2,
      'mms_requests_total{model="m",status="503"}': 1,
      'mms_request_body_bytes_total{model="m"}': 300,
      'mms_response_body_bytes_total{model="m"}': 100,
    });
  });

  await t.step("sorts durations into buckets, in seconds", () => {
    const of = 'model="m",status="200"';
    expect({
      [`mms_request_duration_seconds_bucket{${of},le="0.0025"}`]: 0,
      [`mms_request_duration_seconds_bucket{${of},le="0.005"}`]: 1,
      [`mms_request_duration_seconds_bucket{${of},le="0.5"}`]: 1,
      [`mms_request_duration_seconds_bucket{${of},le="1"}`]: 2,
      [`mms_request_duration_seconds_bucket{${of},le="+Inf"}`]: 2,
      [`mms_request_duration_seconds_sum{${of}}`]: 0.703,
      [`mms_request_duration_seconds_count{${of}}`]: 2,
    });
  });

  await t.step("tells the wait, the batch and its stages", () => {
    expect({
      'mms_queue_wait_seconds_sum{model="m"}': 0.0003,
      'mms_batch_size_bucket{model="m",le="2"}': 0,
      'mms_batch_size_bucket{model="m",le="4"}': 1,
      'mms_batch_duration_seconds_sum{model="m"}': 0.00225,
      'mms_stage_duration_seconds_sum{model="m",stage="preprocess"}': 0.001,
      'mms_stage_duration_seconds_sum{model="m",stage="run"}': 0.00025,
    });
    const stage =
      'mms_stage_duration_seconds_sum{model="m",stage="postprocess"}';
    assert.equal(series.has(stage), false);
  });

  await t.step("tells what is so at the moment", () => {
    expect({
      'mms_queue_length{model="m"}': 3,
      'mms_workers{model="m",state="ready"}': 1,
      'mms_workers{model="m",state="loading"}': 1,
      'mms_workers{model="m",state="failed"}': 0,
      'mms_worker_resident_memory_bytes{model="m",worker="W-m-1"}': 1000,
      'mms_worker_restarts_total{model="m"}': 1,
      'mms_worker_load_duration_seconds_sum{model="m"}': 0.8,
      "mms_log_lines_dropped_total": 4,
    });
  });

  await t.step("counts responses of all kinds, and nothing else", () => {
    expect({
      'mms_http_responses_total{status="200"}': 2,
      'mms_http_responses_total{status="302"}': 1,
      'mms_http_responses_total{status="404"}': 1,
    });
    const statuses = [...series.keys()]
      .filter((name) => name.startsWith("mms_http_responses_total"));
    assert.equal(statuses.length, 3);
  });

  await t.step("says it all under TorchServe's names as well", () => {
    const of = 'model_name="m",model_version="1.0",hostname="h"';
    const times = 'ModelName="m",Level="Model",Hostname="h"';
    expect({
      [`ts_inference_requests_total{${of}}`]: 3,
      [`ts_inference_latency_microseconds{${of}}`]: 703_200,
      [`ts_queue_latency_microseconds{${of}}`]: 300,
      'Requests2XX{Level="Host",Hostname="h"}': 2,
      'Requests4XX{Level="Host",Hostname="h"}': 1,
      'Requests5XX{Level="Host",Hostname="h"}': 1,
      [`QueueTime{${times}}`]: 0.3,
      [`PredictionTime{${times}}`]: 2.25,
      [`HandlerTime{${times}}`]: 2.25,
      [`WorkerThreadTime{${times}}`]: 0.75,
      'WorkerLoadTime{WorkerName="W-m-1",Level="Host",Hostname="h"}': 800,
    });
  });

  await t.step("tells of the machine and of the process", () => {
    const machine = '{Level="Host",Hostname="h"}';
    for (const name of ["CPUUtilization", "MemoryUtilization"]) {
      const percent = series.get(name + machine)!;
      assert.ok(percent >= 0 && percent <= 100, name);
    }
    assert.ok(series.get(`MemoryAvailable${machine}`)! > 0);
    assert.ok(series.get("process_resident_memory_bytes")! > 1e6);
    assert.ok(series.get("process_cpu_seconds_total")! > 0);
    const age = Date.now() / 1000 - series.get("process_start_time_seconds")!;
    assert.ok(age >= 0 && age < 3600, `${age} s old`);
    assert.equal(series.get(`mms_build_info{version="${VERSION}"}`), 1);
  });

  await t.step("writes any name as a label", async () => {
    const odd = metrics.add('a"b\\c\nd');
    odd.restarted();
    const { text } = await metrics.page();
    assert.match(text, /restarts_total\{model="a\\"b\\\\c\\nd"\} 1\n/);
    readPage(text);
    metrics.forget(odd);
  });

  await t.step("shows nothing of a model that was unregistered", async () => {
    metrics.forget(model);
    state.length = 0;
    model.answered(200, { ms: 1, received: 0, sent: 0 });
    const names = [...(await pageOf(metrics)).keys()];
    assert.deepEqual(names.filter((name) => name.includes('"m"')), []);
    assert.equal(metrics.find("m"), undefined);
  });

  await t.step("keeps a model that took the name of another", () => {
    const next = metrics.add("m");
    metrics.forget(model);
    assert.equal(metrics.find("m"), next);
  });
});

Deno.test("Metrics.responded() writes a line for each response", () => {
  const lines: string[] = [];
  const metrics = new Metrics({
    host: "h",
    mmsLog: (line) => lines.push(line),
  });
  const before = Math.floor(Date.now() / 1000);
  for (const status of [200, 299, 404, 101, 302, 503]) {
    metrics.responded(status);
  }
  const after = Math.floor(Date.now() / 1000);
  const parts = lines.map((line) => line.split(",timestamp:"));
  const rest = "Count:1|#Level:Host|#hostname:h";
  assert.deepEqual(
    parts.map(([text]) => text),
    ["2XX", "2XX", "4XX", "5XX", "5XX", "5XX"]
      .map((name) => `Requests${name}.${rest}`),
  );
  for (const [, time] of parts) {
    assert.ok(Number(time) >= before && Number(time) <= after, `at ${time}`);
  }
});

Deno.test("Metrics.sampleSystem()", async (t) => {
  await t.step(
    "writes at once, and every interval until disposed of",
    async () => {
      const lines: string[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const metrics = new Metrics({
        host: "h",
        mmsLog(line) {
          lines.push(line);
          if (lines.filter((line) => line.startsWith("CPU")).length === 3) {
            resolve();
          }
        },
      });
      {
        using _sampling = metrics.sampleSystem(0.01);
        await promise;
      }
      const form =
        /^(\w+)\.(Percent|Megabytes|Gigabytes):\d+(\.\d+)?\|#Level:Host\|#hostname:h,timestamp:\d{10}$/;
      const names = lines.map((line) =>
        form.exec(line)?.[1] ?? assert.fail(line)
      );
      assert.deepEqual(names.slice(0, 8), [
        "CPUUtilization",
        "MemoryUsed",
        "MemoryAvailable",
        "MemoryUtilization",
        "DiskUsage",
        "DiskUsed",
        "DiskUtilization",
        "DiskAvailable",
      ]);
    },
  );

  await t.step("does nothing where nobody takes the lines", () => {
    using _sampling = new Metrics({ host: "h" }).sampleSystem(0.001);
    assert.ok(_sampling);
  });
});
