import assert from "node:assert/strict";
import {
  ask,
  emptyArchive,
  isAlive,
  pidOf,
  registerReady,
  scriptedRegistry,
  textOf,
} from "./support/workload.ts";

Deno.test("Registry.unregister()", async (t) => {
  let closed = 0;
  await using registry = scriptedRegistry({
    open: () =>
      Promise.resolve({
        archive: emptyArchive(),
        [Symbol.asyncDispose]: () => {
          closed++;
          return Promise.resolve();
        },
      }),
  });

  await t.step("answers what was accepted, and leaves nothing", async () => {
    const model = await registerReady(registry, { minWorkers: 2 });
    const accepted = Array.from(
      { length: 20 },
      (_, i) => ask(model, `r${i}`, { type: "sleep", ms: 20 }),
    );
    const unregistered = registry.unregister("test", { timeout: 10_000 });
    assert.equal(model.status, "UNLOADING");
    await assert.rejects(ask(model, "late"), { code: "service_unavailable" });
    assert.equal(closed, 0);
    await unregistered;
    const predictions = await Promise.all(accepted);
    assert.deepEqual(
      predictions.map(textOf),
      accepted.map((_, i) => `r${i} done`),
    );
    for (const pid of new Set(predictions.map(pidOf))) {
      assert.equal(await isAlive(pid), false);
    }
    assert.deepEqual([closed, registry.find("test")], [1, undefined]);
  });

  await t.step("answers what waits for a worker that still loads", async () => {
    const model = await registry.register({
      url: "x.mar",
      name: "loading",
      minWorkers: 1,
    });
    const early = ask(model, "early");
    await registry.unregister("loading", { timeout: 10_000 });
    assert.equal(textOf(await early), "early done");
  });

  await t.step(
    "does not wait for a worker that nobody needs to load",
    async () => {
      await registry.register({
        url: "x.mar",
        name: "hanging",
        handler: "hang",
        minWorkers: 2,
      });
      const started = performance.now();
      await registry.unregister("hanging", { timeout: 10_000 });
      assert.ok(performance.now() - started < 2000);
    },
  );

  await t.step("tells callers whose model cannot load", async () => {
    const model = await registry.register({
      url: "x.mar",
      name: "failing",
      handler: "refuse",
      minWorkers: 1,
    });
    const early = assert.rejects(ask(model, "early"), {
      code: "service_unavailable",
    });
    await registry.unregister("failing", { timeout: 10_000 });
    await early;
  });

  await t.step(
    "kills what is left when its time is over, and can be repeated",
    async () => {
      const model = await registerReady(registry, { name: "stuck" });
      const pid = pidOf(await ask(model, "who"));
      const stuck = [1, 2, 3].map((i) =>
        assert.rejects(ask(model, `r${i}`, { type: "hang" }), {
          code: "service_unavailable",
        })
      );
      await assert.rejects(registry.unregister("stuck", { timeout: 200 }), {
        code: "request_timeout",
        message: "Timed out while cleaning resources: stuck",
      });
      await Promise.all(stuck);
      assert.equal(await isAlive(pid), false);
      assert.equal(registry.get("stuck").status, "UNLOADING");
      assert.equal(
        (await model.scale({ minWorkers: 1, maxWorkers: 1 }).done).status,
        "failed",
      );
      await registry.unregister("stuck", { timeout: 200 });
      assert.equal(registry.find("stuck"), undefined);
    },
  );

  await t.step(
    "is out of time at once with a timeout of 0, as in MMS",
    async () => {
      await registerReady(registry, { name: "zero" });
      await assert.rejects(registry.unregister("zero", { timeout: 0 }), {
        code: "request_timeout",
      });
      await registry.unregister("zero", { timeout: 120_000 });
      assert.equal(registry.find("zero"), undefined);
    },
  );

  await t.step("frees the name", async () => {
    const model = await registerReady(registry);
    assert.equal(textOf(await ask(model, "again")), "again done");
  });
});

Deno.test("Registry.close()", async (t) => {
  await t.step("answers what was accepted within its time", async () => {
    await using registry = scriptedRegistry();
    const models = await Promise.all(
      ["a", "b"].map((name) => registerReady(registry, { name })),
    );
    const accepted = models.flatMap((model) =>
      Array.from(
        { length: 10 },
        (_, i) => ask(model, `${model.name}${i}`, { type: "sleep", ms: 20 }),
      )
    );
    await registry.close(10_000);
    const told = (await Promise.all(accepted)).map(textOf);
    assert.equal(told.filter((text) => text.endsWith(" done")).length, 20);
    assert.deepEqual(registry.list(), []);
    await assert.rejects(registry.register({ url: "x.mar" }), {
      code: "aborted",
    });
  });

  await t.step(
    "kills what is left after that, and tells everybody",
    async () => {
      await using registry = scriptedRegistry();
      const model = await registerReady(registry);
      const pid = pidOf(await ask(model, "who"));
      const told = Promise.allSettled(
        [1, 2, 3, 4].map((i) => ask(model, `r${i}`, { type: "hang" })),
      );
      const started = performance.now();
      await registry.close(300);
      assert.ok(performance.now() - started < 2000);
      assert.deepEqual(
        (await told).map(({ status }) => status),
        ["rejected", "rejected", "rejected", "rejected"],
      );
      assert.equal(await isAlive(pid), false);
    },
  );

  await t.step("gives up archives that are being opened", async () => {
    await using registry = scriptedRegistry({
      open: (_url, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason))
        ),
    });
    const refused = assert.rejects(registry.register({ url: "x.mar" }), {
      code: "aborted",
    });
    await registry.close(1000);
    await refused;
  });
});
