import assert from "node:assert/strict";
import { registerReady } from "../workload/support/workload.ts";
import { startServer } from "./support/servers.ts";

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
  });
});
