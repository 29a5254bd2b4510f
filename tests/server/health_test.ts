import assert from "node:assert/strict";
import { registerReady, until } from "../workload/support/workload.ts";
import { startServer } from "./support/servers.ts";

Deno.test("GET /ping answers", async (t) => {
  await using server = await startServer();
  const health = async (path = "/ping", init?: RequestInit) => {
    const { status, json } = await server.infer(path, init);
    assert.equal(status, 200);
    return (json as { status: string }).status;
  };

  await t.step("Healthy without models, on any method", async () => {
    assert.equal(await health(), "Healthy");
    assert.equal(
      await health("/ping/anything?x", { method: "DELETE" }),
      "Healthy",
    );
    assert.equal(await health("/ping", { method: "OPTIONS" }), "Healthy");
  });

  await t.step("Healthy with all workers", async () => {
    await registerReady(server.registry, { minWorkers: 1 });
    assert.equal(await health(), "Healthy");
  });

  await t.step("Partial Healthy with some", async () => {
    const bad = await server.registry.register({
      url: "b",
      name: "bad",
      handler: "refuse",
      minWorkers: 1,
    });
    await until("it fails", () => bad.status === "FAILED");
    assert.equal(await health(), "Partial Healthy");
  });

  await t.step("Unhealthy with none", async () => {
    await server.registry.unregister("test", { timeout: 1000 });
    assert.equal(await health(), "Unhealthy");
  });
});

Deno.test("GET /ping fails while no model can be served, if that is wanted", async () => {
  await using server = await startServer({
    server: { pingFailsWhenUnhealthy: true },
  });
  assert.equal((await server.infer("/ping")).status, 200);
  const bad = await server.registry.register({
    url: "b",
    name: "bad",
    handler: "refuse",
    minWorkers: 1,
  });
  await until("it fails", () => bad.status === "FAILED");
  const { status, json } = await server.infer("/ping");
  assert.deepEqual([status, json], [503, { status: "Unhealthy" }]);
});

Deno.test("GET /health/ready", async (t) => {
  const started = Promise.withResolvers<void>();
  await using server = await startServer({
    server: { started: started.promise },
  });
  const ready = async () => {
    const { status, json } = await server.infer("/health/ready");
    return [status, json];
  };

  await t.step("is 503 while models are being opened", async () => {
    assert.deepEqual(await ready(), [503, { status: "Starting" }]);
  });

  await t.step("is 503 while one is being loaded", async () => {
    await server.registry.register({
      url: "t",
      name: "test",
      handler: "hang",
      minWorkers: 1,
      loadedAtStartup: true,
    });
    started.resolve();
    await started.promise;
    assert.deepEqual(await ready(), [503, {
      status: "Not ready",
      models: [{ modelName: "test", status: "LOADING" }],
    }]);
    await server.registry.unregister("test", { timeout: 1 }).catch(() => {});
  });

  await t.step("is 200 once all of the start are ready", async () => {
    await registerReady(server.registry, {
      name: "good",
      loadedAtStartup: true,
    });
    assert.deepEqual(await ready(), [200, { status: "Ready" }]);
  });

  await t.step("says why one of the start cannot be loaded", async () => {
    const bad = await server.registry.register({
      url: "b",
      name: "bad",
      handler: "refuse",
      minWorkers: 1,
      loadedAtStartup: true,
    });
    await until("it fails", () => bad.status === "FAILED");
    assert.deepEqual(await ready(), [503, {
      status: "Not ready",
      models: [{
        modelName: "bad",
        status: "FAILED",
        reason: "Cannot load it: it is a test",
      }],
    }]);
  });
});

Deno.test("GET /health/live is 200 as long as there is a server", async () => {
  const never = Promise.withResolvers<void>();
  await using server = await startServer({
    server: { started: never.promise },
  });
  const { status, json } = await server.infer("/health/live");
  assert.deepEqual([status, json], [200, { status: "Live" }]);
  assert.equal((await server.infer("/health/other")).status, 404);
  assert.equal((await server.infer("/health")).status, 404);
});
