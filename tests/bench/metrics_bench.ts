/**
 * What counting costs. A request is what the server and the workload record of
 * one prediction that ran alone: its answer, its wait, its batch, its response.
 *
 * Run it with `deno bench -A tests/bench/metrics_bench.ts`.
 *
 * @module
 */

import { Metrics } from "../../src/metrics.ts";

const MODELS = 20;

const quiet = new Metrics({ host: "bench" });
const logged = new Metrics({
  host: "bench",
  mmsLog: () => {},
  modelLog: () => {},
});
quiet.add("squeezenet");
logged.add("squeezenet");

const busy = new Metrics({ host: "bench" });
for (let i = 0; i < MODELS; i++) {
  busy.add(`model-${i}`);
  record(busy, `model-${i}`);
}

Deno.bench("one request", { group: "request", baseline: true }, () => {
  record(quiet, "squeezenet");
});

Deno.bench("one request, with the lines of MMS", { group: "request" }, () => {
  record(logged, "squeezenet");
});

Deno.bench(`a page of ${MODELS} models`, async () => {
  await busy.page();
});

function record(metrics: Metrics, name: string): void {
  const model = metrics.find(name)!; // each was added
  model.waited(0.2);
  model.ran({
    size: 1,
    ms: 4.2,
    roundTripMs: 4.5,
    stages: { preprocess: 1.1, run: 3, postprocess: 0.1 },
    requestIds: () => ["0b2b6f5c-3ad3-4f0e-9b6a-0a3c1e6f3c52"],
  });
  model.answered(200, { ms: 5.1, received: 7341, sent: 180 });
  metrics.responded(200);
}
