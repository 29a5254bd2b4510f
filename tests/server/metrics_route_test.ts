import assert from "node:assert/strict";
import type { MmsError } from "../../src/errors.ts";
import { Metrics } from "../../src/metrics.ts";
import { inferenceFace, type Tokens } from "../../src/server/exchange/faces.ts";
import {
  registerReady,
  scriptedRegistry,
} from "../workload/support/workload.ts";
import { serverRequest } from "./support/requests.ts";
import { FREE_PORT, startServer } from "./support/servers.ts";

Deno.test("GET /metrics tells what was answered", async (t) => {
  await using server = await startServer();
  await registerReady(server.registry);
  const predict = (deed: object) =>
    server.infer("/predictions/test", {
      method: "POST",
      body: new URLSearchParams({ do: JSON.stringify(deed) }),
    });
  await predict({ type: "echo" });
  await predict({ type: "echo" });
  await predict({ type: "fail", code: "bad_request", message: "no" });
  await server.infer("/nowhere");

  for (const ask of [server.infer, server.manage]) {
    await t.step("on both ports", async () => {
      const { status, headers, text } = await ask("/metrics");
      assert.equal(status, 200);
      assert.match(headers.get("content-type")!, /^text\/plain/);
      assert.match(text, /^mms_http_responses_total\{status="404"\} 1$/m);
    });
  }

  await t.step("by model and status", async () => {
    const { text } = await server.infer("/metrics");
    assert.match(text, /^mms_requests_total\{model="test",status="200"\} 2$/m);
    assert.match(text, /^mms_requests_total\{model="test",status="400"\} 1$/m);
  });

  await t.step("to nobody who asks otherwise", async () => {
    assert.equal(
      (await server.infer("/metrics", { method: "POST" })).status,
      405,
    );
    assert.equal((await server.infer("/metrics/x")).status, 404);
    assert.equal((await server.manage("/metrics/x")).status, 404);
  });
});

Deno.test("GET /metrics is not answered beside predictions where the settings say so", async () => {
  await using server = await startServer({
    server: { inferenceMetrics: false },
  });
  assert.equal((await server.infer("/metrics")).status, 404);
  assert.equal((await server.manage("/metrics")).status, 200);
  const { json } = await server.infer("/", { method: "OPTIONS" });
  assert.ok(!("/metrics" in (json as { paths: object }).paths));
});

Deno.test("models may be called as other paths begin", async (t) => {
  await using server = await startServer({
    server: { tokens: { inference: "predict", management: undefined } },
  });
  const init = {
    method: "POST",
    body: new URLSearchParams({ do: `{"type":"echo"}` }),
  };
  const headers = { authorization: "Bearer predict" };
  for (const name of ["metrics", "health"]) {
    await t.step(name, async () => {
      await registerReady(server.registry, { name });
      const path = `/${name}/predict`;
      assert.equal(
        (await server.infer(path, { ...init, headers })).status,
        200,
      );
      assert.equal((await server.infer(path, init)).status, 401);
    });
  }
});

Deno.test("GET /metrics takes a token", async (t) => {
  await using registry = scriptedRegistry();
  const status = (host: string, tokens: Tokens, token?: string) => {
    const { admit } = inferenceFace({
      registry,
      tokens,
      inferenceAddress: { ...FREE_PORT, host },
      managementAddress: FREE_PORT,
      started: Promise.resolve(),
      metrics: new Metrics(),
      isStopping: () => false,
      pingFailsWhenUnhealthy: false,
      inferenceMetrics: true,
      cors: {
        allowedOrigin: undefined,
        allowedMethods: undefined,
        allowedHeaders: undefined,
      },
      maxWorkers: 1,
      defaultWorkers: 0,
      unregisterTimeout: 0,
    });
    const headers: Record<string, string> = token === undefined
      ? {}
      : { authorization: `Bearer ${token}` };
    try {
      admit(serverRequest({ target: "/metrics", headers }));
      return "admitted";
    } catch (error) {
      return (error as MmsError).code;
    }
  };
  const both = { inference: "predict", management: "manage" };
  const manage = { inference: undefined, management: "manage" };
  const none = { inference: undefined, management: undefined };

  await t.step("that of predictions where these take one", () => {
    assert.equal(status("127.0.0.1", both), "unauthorized");
    assert.equal(status("0.0.0.0", both, "manage"), "unauthorized");
    assert.equal(status("0.0.0.0", both, "predict"), "admitted");
  });

  await t.step("that of the management where others reach it", () => {
    assert.equal(status("0.0.0.0", manage), "unauthorized");
    assert.equal(status("0.0.0.0", manage, "manage"), "admitted");
    assert.equal(status("127.0.0.1", manage), "admitted");
  });

  await t.step("or none where nothing does", () => {
    assert.equal(status("0.0.0.0", none), "admitted");
  });
});
