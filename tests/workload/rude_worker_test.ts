import assert from "node:assert/strict";
import { workerLaunch } from "../../src/workload/mod.ts";
import { ask, registerReady, scriptedRegistry } from "./support/workload.ts";

/** Starts workers that break the protocol in one way. */
function rudeRegistry(manner: string) {
  const launch = workerLaunch(
    new URL("./support/rude_worker.ts", import.meta.url),
  );
  return scriptedRegistry({
    maxResponseSize: 1000,
    defaults: { loadTimeout: 1000 },
    launch(purpose) {
      const { args, ...command } = launch(purpose);
      return { ...command, args: [...args.slice(0, -1), manner] };
    },
  });
}

for (
  const [manner, reason] of [
    ["never connects", 'Cannot load model "test": it took more than 1 s'],
    [
      "leaves before it connects",
      "Cannot start a worker: it ended with code 0",
    ],
    ["says nothing", 'Cannot load model "test": it took more than 1 s'],
    ["knows another secret", /Cannot (start a worker|load model "test"): it /],
    ["answers load with noise", /^Cannot read a (frame|message): /],
    [
      "hangs up instead of loading",
      /^Cannot load model "test": it ended with code [01]/,
    ],
  ] as const
) {
  Deno.test(`A worker that ${manner} cannot serve`, async () => {
    await using registry = rudeRegistry(manner);
    const model = await registry.register({ url: "x.mar", name: "test" });
    const { done } = model.scale({ minWorkers: 1, maxWorkers: 1 });
    const outcome = await done;
    assert.ok(outcome.status === "failed");
    if (typeof reason === "string") assert.equal(outcome.reason, reason);
    else assert.match(outcome.reason, reason);
  });
}

for (
  const manner of [
    "answers another batch",
    "answers for more requests",
    "answers for fewer requests",
    "claims bytes that are not there",
    "sends too large a body",
    "hangs up",
  ]
) {
  Deno.test(`A worker that ${manner} ends, and the front does not`, async () => {
    await using registry = rudeRegistry(manner);
    const model = await registerReady(registry);
    await assert.rejects(ask(model, "r"), {
      code: "worker_died",
      message: "Worker died.",
    });
  });
}

Deno.test("A worker that answers too often ends after its answer", async () => {
  await using registry = rudeRegistry("answers too often");
  const model = await registerReady(registry);
  assert.equal((await ask(model, "r")).body.length, 0);
});
