import assert from "node:assert/strict";
import type {
  OpenApiDocument,
  Operation,
} from "../../src/server/openapi/operation.ts";
import { registerReady } from "../workload/support/workload.ts";
import { portOf } from "./support/listeners.ts";
import { rawClient } from "./support/raw_client.ts";
import { FREE_PORT, startServer } from "./support/servers.ts";

// Paths, methods and operation ids of the original's documents.
const INFERENCE = {
  "/": { options: "apiDescription" },
  "/{model_name}/predict": { post: "predict" },
  "/ping": { get: "ping" },
  "/predictions/{model_name}": {
    post: "predictions",
    options: "predictionsApi",
  },
  "/api-description": { get: "getApiDescription" },
  "/invocations": { post: "invocations" },
  "/models/{model_name}/invoke": { post: "invokeModel" },
};
const MANAGEMENT = {
  "/": { options: "apiDescription" },
  "/models": { get: "listModels", post: "registerModel" },
  "/models/{model_name}": {
    get: "describeModel",
    put: "setAutoScale",
    delete: "unregisterModel",
  },
};

function operations({ paths }: OpenApiDocument): Operation[] {
  return Object.values(paths).flatMap((item) => Object.values(item));
}

function operationIds({ paths }: OpenApiDocument): unknown {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map((
          [method, { operationId }],
        ) => [method, operationId]),
      ),
    ]),
  );
}

Deno.test("ModelServer describes its APIs", async (t) => {
  await using server = await startServer();
  const { infer, manage } = server;
  const options = { method: "OPTIONS" };
  const inference = (await infer("/", options)).json as OpenApiDocument;
  const management = (await manage("/", options)).json as OpenApiDocument;

  await t.step(
    "with the original's paths and operations, in their order",
    () => {
      const {
        "/health/live": live,
        "/health/ready": ready,
        "/metrics": metrics,
        ...others
      } = operationIds(inference) as Record<string, unknown>;
      assert.deepEqual([live, ready, metrics], [{ get: "live" }, {
        get: "ready",
      }, { get: "metrics" }]);
      assert.deepEqual(others, INFERENCE);
      assert.deepEqual(Object.keys(others), Object.keys(INFERENCE));
      assert.deepEqual(operationIds(management), {
        ...MANAGEMENT,
        "/metrics": { get: "metrics" },
      });
    },
  );

  await t.step("on the old path as well, whatever the method", async () => {
    assert.deepEqual((await infer("/api-description")).json, inference);
    assert.deepEqual(
      (await manage("/api-description", { method: "PUT" })).json,
      management,
    );
    assert.equal((await infer("/api-description/x")).status, 405);
  });

  await t.step("by names that are not used twice", () => {
    for (const document of [inference, management]) {
      const ids = operations(document).map(({ operationId }) => operationId);
      assert.equal(new Set(ids).size, ids.length);
    }
  });

  await t.step(
    "with every parameter of the original, and those it forgot",
    () => {
      const names = (method: "get" | "post", path = "/models") =>
        management.paths[path]?.[method]?.parameters.map(({ name }) => name);
      assert.deepEqual(names("get"), [
        "limit",
        "next_page_token",
        "model_name_pattern",
      ]);
      assert.deepEqual(names("post"), [
        "url",
        "model_url",
        "model_name",
        "handler",
        "runtime",
        "service",
        "batch_size",
        "max_batch_delay",
        "response_timeout",
        "initial_workers",
        "synchronous",
        "preload_model",
      ]);
    },
  );

  await t.step("with the most workers that the settings allow", () => {
    const { post } = management.paths["/models"]!;
    const { put } = management.paths["/models/{model_name}"]!;
    const maxima = [...post!.parameters, ...put!.parameters].flatMap((
      { name, schema: { maximum } },
    ) => maximum === 16 ? [name] : []);
    assert.deepEqual(maxima, ["initial_workers", "min_worker", "max_worker"]);
  });

  await t.step("with defaults of the type that the parameter has", () => {
    const parameters = operations(management).flatMap(({ parameters }) =>
      parameters
    );
    for (const { name, schema } of parameters) {
      if (schema.default === undefined) continue;
      const type = schema.type === "integer" ? "number" : schema.type;
      assert.equal(typeof schema.default, type, name);
    }
  });
});

Deno.test("ModelServer describes each model", async (t) => {
  await using server = await startServer();
  await registerReady(server.registry, { loadedAtStartup: true });
  for (
    const path of [
      "/predictions/test",
      "/invocations",
      "/models/test/invoke",
      "/test/predict",
    ]
  ) {
    await t.step(`on OPTIONS ${path}`, async () => {
      const { status, json } = await server.infer(path, { method: "OPTIONS" });
      assert.equal(status, 200);
      const { info, paths } = json as OpenApiDocument;
      assert.deepEqual(info, {
        title: "RESTful API for: test",
        version: "1.0.0",
      });
      assert.deepEqual(operationIds(json as OpenApiDocument), {
        "/prediction/test": { post: "test" },
      });
      assert.ok("500" in paths["/prediction/test"]!.post!.responses);
    });
  }

  await t.step("on a path that it answers", async () => {
    const body = new URLSearchParams({ do: `{"type":"echo"}` });
    const { status } = await server.infer("/prediction/test", {
      method: "POST",
      body,
    });
    assert.equal(status, 200);
  });

  await t.step("but none that it does not have", async () => {
    const { status } = await server.infer("/predictions/no", {
      method: "OPTIONS",
    });
    assert.equal(status, 404);
  });
});

Deno.test("ModelServer describes both APIs where they share a port", async () => {
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { ...FREE_PORT, port: free.addr.port };
  free.close();
  await using server = await startServer({
    server: { inferenceAddress: address, managementAddress: address },
  });
  const { json } = await server.infer("/", { method: "OPTIONS" });
  const { "/health/live": _live, "/health/ready": _ready, ...others } =
    operationIds(json as OpenApiDocument) as Record<string, unknown>;
  assert.deepEqual(others, {
    ...INFERENCE,
    ...MANAGEMENT,
    "/metrics": { get: "metrics" },
  });
});

Deno.test("ModelServer lets browsers ask first, on both ports", async (t) => {
  const cors = {
    allowedOrigin: "https://app.example",
    allowedMethods: "POST, PUT",
    allowedHeaders: "content-type",
  };
  const preflight =
    "OPTIONS /models HTTP/1.1\r\nOrigin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n";

  await t.step("where the settings allow it", async () => {
    await using server = await startServer({ server: { cors } });
    const { inferenceAddress, managementAddress } = server.server;
    for (const address of [inferenceAddress, managementAddress]) {
      using client = await rawClient(portOf({ address }));
      await client.send(preflight);
      const answer = await client.untilEnd();
      assert.match(answer, /^HTTP\/1.1 204 No Content\r\n/);
      assert.match(
        answer,
        /\r\naccess-control-allow-origin: https:\/\/app\.example\r\n/,
      );
      assert.match(answer, /\r\naccess-control-allow-methods: POST, PUT\r\n/);
      assert.match(
        answer,
        /\r\naccess-control-allow-headers: content-type\r\n/,
      );
      assert.doesNotMatch(answer, /content-length/);
    }
  });

  await t.step("and not elsewhere", async () => {
    await using server = await startServer();
    using client = await rawClient(
      portOf({ address: server.server.managementAddress }),
    );
    await client.send(preflight);
    assert.match(await client.untilEnd(), /^HTTP\/1.1 403 /);
  });
});
