import assert from "node:assert/strict";
import type { Model } from "../../src/workload/mod.ts";
import type { Deed } from "./support/deeds.ts";
import {
  ask,
  countOf,
  inputsFor,
  isAlive,
  pidOf,
  registerReady,
  scriptedRegistry,
  textOf,
  until,
} from "./support/workload.ts";

/** What came of each request, by its id: `done`, or the message of the error. */
type Ledger = ReadonlyMap<string, string>;

/** Sends all at once, and writes down what each caller was told. */
async function record(
  model: Model,
  deeds: ReadonlyMap<string, Deed>,
): Promise<Ledger> {
  const ledger = new Map<string, string>();
  await Promise.all([...deeds].map(async ([id, deed]) => {
    const told = await ask(model, id, deed).then(
      (prediction) => {
        assert.equal(textOf(prediction), `${id} done`);
        return "done";
      },
      (error: Error) => error.message,
    );
    assert.ok(!ledger.has(id), `${id} was answered twice`);
    ledger.set(id, told);
  }));
  return ledger;
}

function deedsFor(count: number, deed: Deed): Map<string, Deed> {
  return new Map(Array.from({ length: count }, (_, i) => [`r${i}`, deed]));
}

/** Those who were told something else than `done`. */
function losses(ledger: Ledger): readonly (readonly [string, string])[] {
  return [...ledger].filter(([, told]) => told !== "done");
}

function isReady(model: Model, workers: number): () => boolean {
  return () => model.running === workers;
}

Deno.test("A worker killed while busy", async (t) => {
  await using registry = scriptedRegistry({ defaults: { queueSize: 1000 } });

  await t.step("costs the request it was at, of slow ones", async () => {
    const model = await registerReady(registry, {
      name: "slow",
      minWorkers: 2,
    });
    // From here on its batches are known to be slow.
    await record(model, deedsFor(4, { type: "sleep", ms: 10 }));
    const victim = pidOf(await ask(model, "who"));
    const recorded = record(model, deedsFor(60, { type: "sleep", ms: 10 }));
    await until("it is under way", () => model.queueLength < 40);
    Deno.kill(victim, "SIGKILL");
    const ledger = await recorded;
    assert.equal(ledger.size, 60);
    const lost = losses(ledger);
    assert.ok(lost.length <= 1, JSON.stringify(lost));
    for (const [, told] of lost) assert.equal(told, "Worker died.");
    assert.equal(await isAlive(victim), false);
    await until("both are back", isReady(model, 2));
  });

  await t.step("costs at most one request, of quick ones", async () => {
    const model = await registerReady(registry, { name: "quick" });
    for (let round = 0; round < 5; round++) {
      const victim = pidOf(await ask(model, "who"));
      await record(model, deedsFor(100, { type: "echo" }));
      const recorded = record(model, deedsFor(500, { type: "echo" }));
      Deno.kill(victim, "SIGKILL");
      const ledger = await recorded;
      assert.equal(ledger.size, 500);
      assert.ok(losses(ledger).length <= 1, JSON.stringify(losses(ledger)));
    }
  });

  await t.step("costs those who end it, and nobody else", async () => {
    const model = await registerReady(registry, { name: "poisoned" });
    await record(model, deedsFor(200, { type: "echo" }));
    const deeds = deedsFor(200, { type: "echo" });
    for (const id of ["r3", "r77", "r78"]) deeds.set(id, { type: "exit" });
    const ledger = await record(model, deeds);
    assert.equal(ledger.size, 200);
    assert.deepEqual(
      losses(ledger).toSorted(),
      ["r3", "r77", "r78"].map((id) => [id, "Worker died."]),
    );
  });

  await t.step(
    "costs nobody else where quick and slow ones are mixed",
    async () => {
      const model = await registerReady(registry, { name: "mixed" });
      const deeds = new Map<string, Deed>();
      for (let i = 0; i < 150; i++) {
        const ms = i % 5;
        deeds.set(
          `r${i}`,
          ms === 0 ? { type: "echo" } : { type: "compute", ms },
        );
      }
      const poison = ["r10", "r41", "r42", "r100"];
      for (const id of poison) deeds.set(id, { type: "exit" });
      assert.deepEqual(
        losses(await record(model, deeds)).toSorted(),
        poison.toSorted().map((id) => [id, "Worker died."]),
      );
    },
  );

  await t.step("is replaced at once if it had answered anything", async () => {
    const model = await registerReady(registry, { name: "replaced" });
    const victim = pidOf(await ask(model, "who"));
    const started = performance.now();
    Deno.kill(victim, "SIGKILL");
    await until("it is noticed", isReady(model, 0));
    assert.equal(model.status, "LOADING");
    assert.notEqual(pidOf(await ask(model, "waits for the new one")), victim);
    assert.ok(performance.now() - started < 900);
  });
});

Deno.test("A worker that hangs", async (t) => {
  await using registry = scriptedRegistry({
    defaults: { responseTimeout: 400 },
  });

  for (const type of ["hang", "wait"] as const) {
    await t.step(`is killed and replaced: ${type}`, async () => {
      const model = await registerReady(registry, { name: type });
      const victim = pidOf(await ask(model, "who"));
      const deeds = deedsFor(20, { type: "echo" });
      deeds.set("r7", { type });
      const ledger = await record(model, deeds);
      assert.deepEqual(losses(ledger), [["r7", "Prediction timed out"]]);
      assert.equal(await isAlive(victim), false);
    });
  }

  await t.step("has its callers told with the right code", async () => {
    const model = await registerReady(registry, { name: "code" });
    await assert.rejects(ask(model, "r", { type: "hang" }), {
      code: "prediction_timeout",
    });
  });

  await t.step(
    "is not one whose queue is long: each batch has its time",
    async () => {
      const model = await registerReady(registry, { name: "busy" });
      const ledger = await record(
        model,
        deedsFor(8, { type: "sleep", ms: 100 }),
      );
      assert.deepEqual(losses(ledger), []);
    },
  );
});

Deno.test("A request that takes too long in all", async () => {
  await using registry = scriptedRegistry({
    defaults: { requestTimeout: 300 },
  });
  const model = await registerReady(registry);
  const busy = ask(model, "busy", { type: "sleep", ms: 250 });
  const waiting = ask(model, "waiting", { type: "sleep", ms: 250 });
  assert.equal(textOf(await busy), "busy done");
  await assert.rejects(waiting, {
    code: "prediction_timeout",
    message: "Prediction timed out",
  });
  assert.equal(textOf(await ask(model, "next")), "next done");
});

if (Deno.build.os === "linux") {
  Deno.test("A worker that takes too much memory is killed", async () => {
    await using registry = scriptedRegistry({
      defaults: { memoryLimit: 400 << 20 },
    });
    const model = await registerReady(registry);
    const victim = pidOf(await ask(model, "who"));
    const deeds = deedsFor(5, { type: "echo" });
    deeds.set("r2", { type: "hoard", megabytes: 600 });
    assert.deepEqual(losses(await record(model, deeds)), [
      ["r2", "Out of resources"],
    ]);
    await assert.rejects(ask(model, "r", { type: "hoard", megabytes: 600 }), {
      code: "out_of_memory",
    });
    assert.equal(await isAlive(victim), false);
  });
}

Deno.test("A request that fails", async (t) => {
  await using registry = scriptedRegistry({
    defaults: { maxBatchDelay: 1000 },
    maxResponseSize: 1000,
  });

  await t.step(
    "fails alone in its batch, and the worker survives",
    async () => {
      const model = await registerReady(registry, { name: "b", batchSize: 4 });
      const ledger = await record(
        model,
        new Map<string, Deed>([
          ["a", { type: "echo" }],
          ["b", { type: "fail", message: "secret" }],
          ["c", { type: "fail", message: "Cannot", code: "bad_request" }],
          ["d", { type: "echo" }],
        ]),
      );
      assert.deepEqual(losses(ledger).toSorted(), [
        ["b", "Prediction failed"],
        ["c", "Cannot"],
      ]);
    },
  );

  await t.step("is told so when its answer is too large", async () => {
    const model = await registerReady(registry, { name: "large" });
    await assert.rejects(ask(model, "r", { type: "echo", bytes: 1000 }), {
      code: "response_too_large",
      message: "Cannot answer with 1006 bytes: at most 1000 are allowed",
    });
    const most = await ask(model, "r", { type: "echo", bytes: 994 });
    assert.equal(most.body.length, 1000);
  });
});

Deno.test("A caller who leaves costs no run", async () => {
  await using registry = scriptedRegistry();
  const model = await registerReady(registry);
  const leaving = new AbortController();
  const busy = ask(model, "busy", { type: "sleep", ms: 100 });
  const gone = Array.from(
    { length: 50 },
    (_, i) =>
      model.predict(inputsFor(`gone ${i}`, { type: "echo" }), leaving.signal),
  );
  const stays = ask(model, "stays");
  leaving.abort();
  assert.equal(model.queueLength, 1);
  for (const prediction of gone) {
    await assert.rejects(prediction, { code: "aborted" });
  }
  await busy;
  // The busy one, the one that was handed over early, and the one that stayed.
  assert.equal(countOf(await stays), 3);
});
