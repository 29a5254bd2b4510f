import assert from "node:assert/strict";
import { registerReady } from "../workload/support/workload.ts";
import { FREE_PORT, startServer } from "./support/servers.ts";

const BEARER = { headers: { authorization: "Bearer manage-me" } };

Deno.test("ModelServer with a token for its management", async (t) => {
  await using server = await startServer({
    server: { tokens: { inference: undefined, management: "manage-me" } },
  });

  await t.step("answers nobody without it", async () => {
    for (const path of ["/models", "/models/x", "/", "/nowhere"]) {
      const { status, json, headers } = await server.manage(path);
      assert.equal(status, 401);
      assert.deepEqual(json, {
        code: 401,
        type: "UnauthorizedException",
        message:
          "Cannot answer: the request has no token, Authorization: Bearer TOKEN would be right",
      });
      assert.equal(headers.get("www-authenticate"), "Bearer");
    }
  });

  await t.step("answers with it", async () => {
    assert.equal((await server.manage("/models", BEARER)).status, 200);
  });

  await t.step("predicts for everybody", async () => {
    assert.equal((await server.infer("/predictions/x")).status, 404);
  });
});

Deno.test("ModelServer with a token for predictions", async (t) => {
  await using server = await startServer({
    server: { tokens: { inference: "predict", management: undefined } },
  });
  await registerReady(server.registry);
  const init = {
    method: "POST",
    body: new URLSearchParams({ do: `{"type":"echo"}` }),
  };

  await t.step("predicts for nobody without it", async () => {
    assert.equal((await server.infer("/predictions/test", init)).status, 401);
    assert.equal((await server.infer("/test/predict", init)).status, 401);
    const headers = { authorization: "Bearer predict" };
    const { status } = await server.infer("/predictions/test", {
      ...init,
      headers,
    });
    assert.equal(status, 200);
  });

  await t.step("tells everybody how it is", async () => {
    for (const path of ["/ping", "/health/live", "/health/ready"]) {
      assert.equal((await server.infer(path)).status, 200);
    }
  });
});

Deno.test("ModelServer with one port asks for the token that the path needs", async (t) => {
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { ...FREE_PORT, port: free.addr.port };
  free.close();
  await using server = await startServer({
    server: {
      inferenceAddress: address,
      managementAddress: address,
      tokens: { inference: undefined, management: "manage-me" },
    },
  });
  for (
    const [path, status] of [
      ["/models", 401],
      ["/models/x", 401],
      ["/%6dodels", 401],
      ["//models", 404],
      ["/models/x/invoke", 404],
      ["/predictions/x", 404],
      ["/ping", 200],
    ] as const
  ) {
    await t.step(path, async () => {
      assert.equal((await server.infer(path)).status, status);
    });
  }
  await t.step("and lets in who has it", async () => {
    assert.equal((await server.infer("/models", BEARER)).status, 200);
  });
});
