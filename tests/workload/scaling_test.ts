import assert from "node:assert/strict";
import type { Model } from "../../src/workload/mod.ts";
import {
  ask,
  batchSizeOf,
  isAlive,
  pidOf,
  registerReady,
  scriptedRegistry,
  textOf,
  until,
} from "./support/workload.ts";

/** Keeps every worker busy for a while; resolves to their processes. */
async function busyPids(model: Model, count: number): Promise<Set<number>> {
  const predictions = await Promise.all(
    Array.from(
      { length: count },
      (_, i) => ask(model, `p${i}`, { type: "sleep", ms: 30 }),
    ),
  );
  return new Set(predictions.map(pidOf));
}

async function noneAlive(pids: Iterable<number>): Promise<boolean> {
  const alive = await Promise.all([...pids].map(isAlive));
  return alive.every((isOne) => !isOne);
}

Deno.test("Model.scale() up and down", async (t) => {
  await using registry = scriptedRegistry();
  const model = await registerReady(registry);

  await t.step("starts workers, and all of them work", async () => {
    assert.deepEqual(
      await model.scale({ minWorkers: 3, maxWorkers: 3 }).done,
      { status: "scaled", running: 3 },
    );
    assert.equal((await busyPids(model, 30)).size, 3);
  });

  await t.step("keeps those between the minimum and the maximum", async () => {
    await model.scale({ minWorkers: 1, maxWorkers: 3 }).done;
    assert.equal(model.running, 3);
  });

  await t.step(
    "stops workers, newest first, after what they have in hand",
    async () => {
      const { workers } = model.describe();
      const pids = await busyPids(model, 30);
      const busy = Array.from(
        { length: 6 },
        (_, i) => ask(model, `busy${i}`, { type: "sleep", ms: 200 }),
      );
      const { done } = model.scale({ minWorkers: 1, maxWorkers: 1 });
      assert.deepEqual(
        model.describe().workers.map(({ id, status }) => [id, status]),
        [
          [workers[0]!.id, "READY"],
          [workers[2]!.id, "UNLOADING"],
          [workers[1]!.id, "UNLOADING"],
        ],
      );
      assert.deepEqual(await done, { status: "scaled", running: 1 });
      const told = (await Promise.all(busy)).map(textOf);
      assert.deepEqual(told, busy.map((_, i) => `busy${i} done`));
      const left = pidOf(await ask(model, "who"));
      pids.delete(left);
      await until("the others are gone", () => noneAlive(pids));
      await until(
        "they are forgotten",
        () => model.describe().workers.length === 1,
      );
    },
  );

  await t.step("to none answers what waits, then refuses", async () => {
    const waiting = Array.from(
      { length: 10 },
      (_, i) => ask(model, `w${i}`, { type: "sleep", ms: 20 }),
    );
    const { done } = model.scale({ minWorkers: 0, maxWorkers: 0 });
    await assert.rejects(ask(model, "late"), { code: "service_unavailable" });
    assert.deepEqual(await done, { status: "scaled", running: 0 });
    const pids = new Set((await Promise.all(waiting)).map(pidOf));
    await until("no process is left", () => noneAlive(pids));
    await until("it is idle", () => model.describe().workers.length === 0);
    assert.equal(model.status, "IDLE");
  });

  await t.step("up again after none works", async () => {
    await model.scale({ minWorkers: 2, maxWorkers: 2 }).done;
    assert.equal(textOf(await ask(model, "back")), "back done");
  });

  await t.step("says partial when some fail", async () => {
    const mark = await Deno.makeTempFile();
    await Deno.remove(mark);
    const model = await registerReady(registry, {
      name: mark,
      handler: "unless-marked",
    });
    await Deno.writeTextFile(mark, "");
    const { done } = model.scale({ minWorkers: 2, maxWorkers: 2 });
    assert.deepEqual(await done, { status: "partial", running: 1 });
    assert.equal(model.status, "READY");
    await Deno.remove(mark);
  });
});

Deno.test("A model between its minimum and maximum", async (t) => {
  await using registry = scriptedRegistry({ defaults: { idleTimeout: 400 } });

  await t.step(
    "gets a worker while requests pile up, and loses it idle",
    async () => {
      const model = await registerReady(registry, {
        name: "between",
        minWorkers: 1,
        maxWorkers: 2,
      });
      const pile = Array.from(
        { length: 40 },
        (_, i) => ask(model, `r${i}`, { type: "sleep", ms: 50 }),
      );
      const pids = new Set((await Promise.all(pile)).map(pidOf));
      assert.equal(pids.size, 2);
      await until("one is left", () => model.describe().workers.length === 1);
      assert.equal(textOf(await ask(model, "still")), "still done");
    },
  );

  await t.step(
    "starts one on its first request, and gives it up idle",
    async () => {
      const model = await registry.register({
        url: "x.mar",
        name: "on demand",
      });
      assert.equal(model.describe().workers.length, 0);
      const first = pidOf(await ask(model, "first"));
      assert.equal(pidOf(await ask(model, "second")), first);
      await until("it is gone", () => noneAlive([first]));
      assert.notEqual(pidOf(await ask(model, "third")), first);
    },
  );
});

Deno.test("Batches", async (t) => {
  await using registry = scriptedRegistry({
    defaults: { maxBatchDelay: 3000 },
  });
  const model = await registerReady(registry, { batchSize: 4 });

  await t.step("are run at once when they are full", async () => {
    const started = performance.now();
    const four = await Promise.all(
      ["a", "b", "c", "d"].map((id) => ask(model, id)),
    );
    assert.ok(performance.now() - started < 2900);
    assert.deepEqual(four.map(batchSizeOf), [4, 4, 4, 4]);
    assert.deepEqual(
      four.map(textOf),
      ["a", "b", "c", "d"].map((id) => `${id} done`),
    );
  });

  await t.step("are run in part after the delay, in total", async () => {
    const started = performance.now();
    const first = ask(model, "a");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const three = await Promise.all([first, ask(model, "b"), ask(model, "c")]);
    const ms = performance.now() - started;
    assert.deepEqual(three.map(batchSizeOf), [3, 3, 3]);
    assert.ok(ms > 2990 && ms < 4400, `${ms} ms`);
  });
});
