import assert from "node:assert/strict";
import {
  ask,
  emptyArchive,
  registerReady,
  scriptedRegistry,
  textOf,
} from "./support/workload.ts";

Deno.test("Registry.register()", async (t) => {
  await t.step("serves what was registered", async () => {
    await using registry = scriptedRegistry();
    const model = await registerReady(registry);
    assert.equal(textOf(await ask(model, "r1")), "r1 done");
    assert.equal(registry.get("test"), model);
  });

  await t.step(
    "takes the caller's name, the manifest's or the url's",
    async () => {
      await using registry = scriptedRegistry({
        open: (url) =>
          Promise.resolve({
            archive: emptyArchive(url === "a.mar" ? "manifest" : undefined),
            [Symbol.asyncDispose]: () => Promise.resolve(),
          }),
      });
      await registry.register({ url: "a.mar", name: "caller" });
      await registry.register({ url: "a.mar" });
      await registry.register({ url: "store/b-c.mar" });
      assert.deepEqual(registry.list().map(({ name }) => name), [
        "b_c",
        "caller",
        "manifest",
      ]);
    },
  );

  await t.step(
    "refuses a name that is taken, also while it is opened",
    async () => {
      const opened = { count: 0, closed: 0 };
      await using registry = scriptedRegistry({
        open() {
          opened.count++;
          return Promise.resolve({
            archive: emptyArchive("taken"),
            [Symbol.asyncDispose]: () => {
              opened.closed++;
              return Promise.resolve();
            },
          });
        },
      });
      const both = [1, 2].map(() => registry.register({ url: "x.mar" }));
      const outcomes = await Promise.allSettled(both);
      const refused = outcomes.find(({ status }) => status === "rejected");
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), [
        "fulfilled",
        "rejected",
      ]);
      assert.equal(
        (refused as PromiseRejectedResult).reason.message,
        "Model taken is already registered.",
      );
      assert.deepEqual(opened, { count: 2, closed: 1 });
      await assert.rejects(registry.register({ url: "y", name: "taken" }), {
        code: "conflict",
      });
      assert.equal(opened.count, 2);
    },
  );

  await t.step("passes on why an archive cannot be opened", async () => {
    await using registry = scriptedRegistry({
      open: () => Promise.reject(new Error("no such file")),
    });
    await assert.rejects(registry.register({ url: "x.mar" }), {
      message: "no such file",
    });
    assert.deepEqual(registry.list(), []);
  });
});

Deno.test("Registry.get() says in MMS's words what it has not", () => {
  const registry = scriptedRegistry();
  assert.equal(registry.find("x"), undefined);
  assert.throws(() => registry.get("x"), {
    code: "model_not_found",
    message: "Model not found: x",
  });
});

Deno.test("Model.describe()", async (t) => {
  await using registry = scriptedRegistry();

  await t.step("has every field of MMS, and what is so", async () => {
    const model = await registerReady(registry, {
      name: "described",
      batchSize: 2,
      minWorkers: 1,
      maxWorkers: 3,
    });
    const { workers, ...rest } = model.describe();
    assert.deepEqual(rest, {
      modelName: "described",
      modelUrl: "test.mar",
      runtime: "python",
      minWorkers: 1,
      maxWorkers: 3,
      batchSize: 2,
      maxBatchDelay: 100,
      loadedAtStartup: false,
      status: "READY",
    });
    const [{ id, startTime, memoryUsage, ...worker }] = workers as [
      typeof workers[number],
    ];
    assert.match(id, /^9\d{3}-[0-9a-f]{8}$/);
    assert.ok(Math.abs(Date.parse(startTime) - Date.now()) < 60_000);
    assert.deepEqual(worker, { status: "READY", gpu: false });
    if (Deno.build.os === "linux") assert.ok(memoryUsage > 10 << 20);
  });

  await t.step(
    "is IDLE without workers, and refuses in MMS's words",
    async () => {
      const model = await registry.register({ url: "x.mar", name: "idle" });
      assert.equal(model.describe().status, "IDLE");
      await assert.rejects(ask(model, "r"), {
        code: "service_unavailable",
        message:
          "No worker is available to serve request for model: idle. Consider increasing job queue size.",
      });
    },
  );

  await t.step(
    "is LOADING until a worker is ready, and requests wait",
    async () => {
      const model = await registry.register({
        url: "x.mar",
        name: "loading",
        minWorkers: 1,
      });
      const { status, workers } = model.describe();
      assert.deepEqual([status, workers[0]!.status], ["LOADING", "LOADING"]);
      assert.equal(textOf(await ask(model, "early")), "early done");
      assert.equal(model.status, "READY");
    },
  );

  await t.step(
    "says why workers cannot load, and requests fail at once",
    async () => {
      const model = await registry.register({
        url: "x.mar",
        name: "failing",
        handler: "refuse",
        minWorkers: 1,
      });
      const waiting = ask(model, "early");
      await assert.rejects(waiting, { code: "service_unavailable" });
      const { status, reason, workers } = model.describe();
      assert.deepEqual(
        [status, reason, workers[0]!.status],
        ["FAILED", "Cannot load it: it is a test", "FAILED"],
      );
      await assert.rejects(ask(model, "late"), {
        code: "service_unavailable",
        message:
          "No worker is available to serve request for model: failing. Cannot load it: it is a test",
      });
    },
  );
});

Deno.test("Model.scale()", async (t) => {
  await using registry = scriptedRegistry();

  for (
    const [handler, reason, outOfMemory] of [
      ["refuse", "Cannot load it: it is a test", false],
      ["lack-memory", "Out of resources", true],
      [
        "exit",
        'Cannot load model "exit": it ended with code 3: no such module',
        false,
      ],
    ] as const
  ) {
    await t.step(`says why none loads: ${handler}`, async () => {
      const model = await registry.register({
        url: "x.mar",
        name: handler,
        handler,
      });
      const { done } = model.scale({ minWorkers: 2, maxWorkers: 2 });
      assert.equal(model.describe().workers.length, 2);
      assert.deepEqual(await done, {
        status: "failed",
        running: 0,
        reason,
        outOfMemory,
      });
    });
  }

  await t.step("says so when loading takes too long", async () => {
    const model = await registry.register({
      url: "x.mar",
      name: "late",
      handler: "hang",
      loadTimeout: 500,
      minWorkers: 1,
    });
    const { done } = model.scale({ minWorkers: 1, maxWorkers: 1 });
    assert.deepEqual(await done, {
      status: "failed",
      running: 0,
      reason: 'Cannot load model "late": it took more than 0.5 s',
      outOfMemory: false,
    });
  });

  await t.step("says so when there is no such program", async () => {
    await using registry = scriptedRegistry({
      launch: () => ({ command: "/no/such/python", args: [], env: {} }),
    });
    const model = await registry.register({ url: "x.mar", name: "x" });
    const outcome = await model.scale({ minWorkers: 1, maxWorkers: 1 }).done;
    assert.ok(outcome.status === "failed");
    assert.match(
      outcome.reason,
      /^Cannot start a worker with "\/no\/such\/python": /,
    );
  });

  await t.step("tries again at once when it is asked again", async () => {
    const mark = await Deno.makeTempFile();
    const model = await registry.register({
      url: "x.mar",
      name: mark,
      handler: "unless-marked",
    });
    const range = { minWorkers: 1, maxWorkers: 1 };
    for (let i = 0; i < 3; i++) {
      assert.equal((await model.scale(range).done).status, "failed");
    }
    await Deno.remove(mark);
    const started = performance.now();
    assert.deepEqual(await model.scale(range).done, {
      status: "scaled",
      running: 1,
    });
    // The delay would be 3 s by now.
    assert.ok(performance.now() - started < 3000);
    assert.equal(model.reason, undefined);
  });
});
