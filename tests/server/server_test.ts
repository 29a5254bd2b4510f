import assert from "node:assert/strict";
import { registerReady, until } from "../workload/support/workload.ts";
import { portOf } from "./support/listeners.ts";
import { rawClient } from "./support/raw_client.ts";
import { FREE_PORT, startServer } from "./support/servers.ts";

const NOT_FOUND =
  "Requested resource is not found, please refer to API document.";
const NOT_ALLOWED =
  "Requested method is not allowed, please refer to API document.";

/** A form that has the tests' own service do something. */
function form(deed: Readonly<Record<string, unknown>>): RequestInit {
  return {
    method: "POST",
    body: new URLSearchParams({ do: JSON.stringify(deed) }),
  };
}

const ECHO = form({ type: "echo" });
const ECHO_QUERY = `do=${encodeURIComponent('{"type":"echo"}')}`;

Deno.test("ModelServer predicts", async (t) => {
  await using server = await startServer();
  await registerReady(server.registry, { loadedAtStartup: true });

  for (
    const [path, init] of [
      ["/predictions/test", ECHO],
      ["/predictions/test/and/more", ECHO],
      ["/predictions/t%65st?ignored=1", ECHO],
      ["/models/test/invoke", ECHO],
      ["/invocations?model_name=test", ECHO],
      ["/invocations", ECHO],
      [`/test/predict?${ECHO_QUERY}`, {}],
      [`/invocations?${ECHO_QUERY}`, { method: "PUT" }],
      [`/models/test/invoke?${ECHO_QUERY}`, { method: "DELETE" }],
    ] as const
  ) {
    await t.step(
      `on ${init.method ?? "GET"} ${path.split("?")[0]}`,
      async () => {
        const { status, headers, text } = await server.infer(path, init);
        assert.equal(status, 200, text);
        assert.equal(text.trimEnd(), `${headers.get("x-request-id")} done`);
        assert.equal(headers.get("content-type"), "text/plain");
        assert.match(headers.get("x-pid")!, /^\d+$/);
      },
    );
  }

  await t.step("and answers what the service throws", async () => {
    const deed = {
      type: "fail",
      code: "bad_request",
      message: "Cannot <that>",
    };
    const reply = await server.infer("/predictions/test", form(deed));
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.json, {
      code: 400,
      type: "BadRequestException",
      message: "Cannot <that>",
    });
  });

  await t.step("and drops callers who leave while they wait", async () => {
    const caller = new AbortController();
    const init = { ...form({ type: "wait" }), signal: caller.signal };
    // More than a worker is handed at a time.
    const asked = Array.from({ length: 50 }, () => infer(init));
    const model = server.registry.get("test");
    await until("some wait", () => model.queueLength > 10);
    caller.abort();
    await Promise.all(asked);
    await until("none waits", () => model.queueLength === 0);

    async function infer(init: RequestInit): Promise<void> {
      await assert.rejects(server.infer("/predictions/test", init), {
        name: "AbortError",
      });
    }
  });
});

const CATALOGUE: readonly [string, string, string, number, string, string][] = [
  ["infer", "GET", "/", 405, "MethodNotAllowedException", NOT_ALLOWED],
  ["infer", "GET", "/InvalidUrl", 404, "ResourceNotFoundException", NOT_FOUND],
  ["infer", "GET", "/predictions", 404, "ResourceNotFoundException", NOT_FOUND],
  ["infer", "GET", "/Ping", 404, "ResourceNotFoundException", NOT_FOUND],
  ["infer", "GET", "/models", 404, "ResourceNotFoundException", NOT_FOUND],
  [
    "infer",
    "POST",
    "/models/m/foo",
    404,
    "ResourceNotFoundException",
    NOT_FOUND,
  ],
  [
    "infer",
    "POST",
    "/invocations/x",
    404,
    "ResourceNotFoundException",
    NOT_FOUND,
  ],
  [
    "infer",
    "GET",
    "/predictions/no",
    404,
    "ModelNotFoundException",
    "Model not found: no",
  ],
  [
    "infer",
    "GET",
    "/no/predict",
    404,
    "ModelNotFoundException",
    "Model not found: no",
  ],
  [
    "infer",
    "POST",
    "/models/no/invoke",
    404,
    "ModelNotFoundException",
    "Model not found: no",
  ],
  [
    "infer",
    "POST",
    "/invocations",
    400,
    "BadRequestException",
    "Parameter model_name is required.",
  ],
  [
    "infer",
    "POST",
    "/invocations?model_name=",
    404,
    "ModelNotFoundException",
    "Model not found: ",
  ],
  [
    "infer",
    "GET",
    "/%zz",
    400,
    "BadRequestException",
    'Cannot read the path "/%zz": it has a percent sign that no escaped UTF-8 follows',
  ],
  ["manage", "GET", "/", 405, "MethodNotAllowedException", NOT_ALLOWED],
  ["manage", "GET", "/InvalidUrl", 404, "ResourceNotFoundException", NOT_FOUND],
  ["manage", "GET", "/ping", 404, "ResourceNotFoundException", NOT_FOUND],
  ["manage", "GET", "/models/a/b", 404, "ResourceNotFoundException", NOT_FOUND],
  [
    "manage",
    "POST",
    "/models/a/invoke",
    404,
    "ResourceNotFoundException",
    NOT_FOUND,
  ],
  ["manage", "PUT", "/models", 405, "MethodNotAllowedException", NOT_ALLOWED],
  [
    "manage",
    "DELETE",
    "/models",
    405,
    "MethodNotAllowedException",
    NOT_ALLOWED,
  ],
  [
    "manage",
    "POST",
    "/models/noop",
    405,
    "MethodNotAllowedException",
    NOT_ALLOWED,
  ],
  [
    "manage",
    "GET",
    "/models/no",
    404,
    "ModelNotFoundException",
    "Model not found: no",
  ],
  [
    "manage",
    "PUT",
    "/models/no",
    404,
    "ModelNotFoundException",
    "Model not found: no",
  ],
  [
    "manage",
    "DELETE",
    "/models/no",
    404,
    "ModelNotFoundException",
    "Model not found: no",
  ],
  [
    "manage",
    "PUT",
    "/models/no?min_worker=10&max_worker=9",
    400,
    "BadRequestException",
    "max_worker cannot be less than min_worker.",
  ],
  [
    "manage",
    "PUT",
    "/models/no?min_worker=17",
    400,
    "BadRequestException",
    "Cannot use min_worker 17: at most 16 is right",
  ],
  [
    "manage",
    "PUT",
    "/models/no?min_worker=1&max_worker=99999999999999999999",
    400,
    "BadRequestException",
    "Cannot use max_worker 99999999999999999999: at most 16 is right",
  ],
  [
    "manage",
    "POST",
    "/models?url=a&initial_workers=17",
    400,
    "BadRequestException",
    "Cannot use initial_workers 17: at most 16 is right",
  ],
  [
    "manage",
    "POST",
    "/models?url=a&batch_size=10001",
    400,
    "BadRequestException",
    "Cannot use batch_size 10001: at most 10000 is right",
  ],
  [
    "manage",
    "PUT",
    "/models/no?min_worker=-1",
    400,
    "BadRequestException",
    "min_worker cannot be less than 0.",
  ],
  [
    "manage",
    "POST",
    "/models",
    400,
    "BadRequestException",
    "Parameter url is required.",
  ],
  [
    "manage",
    "POST",
    "/models?url=",
    400,
    "BadRequestException",
    "Parameter url is required.",
  ],
  [
    "manage",
    "POST",
    "/models?url=x&runtime=InvalidRuntime",
    400,
    "BadRequestException",
    "Invalid RuntimeType value: InvalidRuntime",
  ],
  [
    "manage",
    "POST",
    "/models?url=x&runtime=PYTHON",
    400,
    "BadRequestException",
    "Invalid RuntimeType value: PYTHON",
  ],
];

Deno.test("ModelServer says what is wrong in the original's words", async (t) => {
  await using server = await startServer();
  for (const [side, method, path, code, type, message] of CATALOGUE) {
    await t.step(`${side} ${method} ${path}`, async () => {
      const ask = side === "infer" ? server.infer : server.manage;
      const reply = await ask(path, { method });
      assert.deepEqual(reply.json, { code, type, message });
      assert.equal(reply.status, code);
      assert.match(reply.headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
    });
  }

  await t.step("manage HEAD /models", async () => {
    const { status, text } = await server.manage("/models", { method: "HEAD" });
    assert.deepEqual([status, text], [405, ""]);
  });
});

Deno.test("ModelServer follows no dots in a path", async () => {
  await using server = await startServer();
  const { managementAddress } = server.server;
  using client = await rawClient(portOf({ address: managementAddress }));
  await client.send("GET /x/../models HTTP/1.1\r\n\r\n");
  assert.match(await client.untilEnd(), /^HTTP\/1.1 404 Not Found\r\n/);
});

Deno.test("ModelServer says which methods a path has", async () => {
  await using server = await startServer();
  for (
    const [api, method, path, allow] of [
      ["manage", "PATCH", "/models", "GET, POST"],
      ["manage", "HEAD", "/models", "GET, POST"],
      ["manage", "POST", "/models/x", "GET, PUT, DELETE"],
      ["manage", "GET", "/", "OPTIONS"],
      ["infer", "PUT", "/metrics", "GET, HEAD"],
      ["infer", "GET", "/", "OPTIONS"],
    ] as const
  ) {
    const { status, headers } = await server[api](path, { method });
    assert.deepEqual([status, headers.get("allow")], [405, allow], path);
  }
});

Deno.test("ModelServer registers models", async (t) => {
  await using server = await startServer();
  const { manage } = server;
  const json = (body: string) => ({
    method: "POST",
    headers: { "content-type": "Application/JSON; charset=utf-8" },
    body,
  });

  await t.step("without workers", async () => {
    const reply = await manage("/models?url=a.mar&model_name=a", {
      method: "POST",
    });
    assert.deepEqual(
      [reply.status, reply.json],
      [200, { status: 'Model "a" registered' }],
    );
    const { status, json } = await server.infer("/predictions/a", ECHO);
    assert.equal(status, 503);
    assert.deepEqual(json, {
      code: 503,
      type: "ServiceUnavailableException",
      message:
        "No worker is available to serve request for model: a. Consider increasing job queue size.",
    });
  });

  await t.step("and waits for their workers, unless told not to", async () => {
    const b = await manage("/models?url=b.mar&model_name=b&initial_workers=2", {
      method: "POST",
    });
    assert.deepEqual([b.status, b.reason, b.json], [200, "OK", {
      status: "Workers scaled",
    }]);
    assert.equal(server.registry.get("b").running, 2);
    const c = await manage(
      "/models?url=c.mar&model_name=c&initial_workers=1&synchronous=false",
      { method: "POST" },
    );
    assert.deepEqual([c.status, c.reason, c.json], [202, "Accepted", {
      status: "Processing worker updates...",
    }]);
  });

  await t.step(
    "from JSON in single quotes, and not from the query beside it",
    async () => {
      const reply = await manage(
        "/models?url=x&batch_size=9",
        json(
          "{'url': 'd.mar', 'model_name': 'd', 'initial_workers': '1', 'synchronous': 'true', 'response_timeout': 7}",
        ),
      );
      assert.deepEqual([reply.status, reply.json], [200, {
        status: "Workers scaled",
      }]);
      const { limits, url } = server.registry.get("d");
      assert.equal(url, "d.mar");
      assert.equal(limits.batchSize, 1);
      assert.equal(limits.responseTimeout, 7000);
    },
  );

  await t.step(
    "with the limits of the query, its timeout in minutes",
    async () => {
      await manage(
        "/models?url=e.mar&model_name=e&batch_size=4&max_batch_delay=50&response_timeout=2",
        { method: "POST" },
      );
      const { batchSize, maxBatchDelay, responseTimeout } =
        server.registry.get("e").limits;
      assert.deepEqual([batchSize, maxBatchDelay, responseTimeout], [
        4,
        50,
        120_000,
      ]);
    },
  );

  await t.step("as the original does where numbers are none", async () => {
    await manage(
      "/models?url=f.mar&model_name=f&batch_size=x&max_batch_delay=&initial_workers=-3",
      { method: "POST" },
    );
    const { limits, range } = server.registry.get("f");
    assert.deepEqual([limits.batchSize, limits.maxBatchDelay], [1, 100]);
    assert.equal(range.minWorkers, 0);
  });

  await t.step("but not two of one name", async () => {
    const { status, json } = await manage("/models?url=a.mar&model_name=a", {
      method: "POST",
    });
    assert.equal(status, 409);
    assert.deepEqual(json, {
      code: 409,
      type: "ConflictStatusException",
      message: "Model a is already registered.",
    });
  });

  for (
    const [body, message] of [
      ["", "it is not valid JSON"],
      ["null", "it is not a JSON object"],
      ["{'url'", "it is not valid JSON"],
    ] as const
  ) {
    await t.step(`but not from ${body || "no JSON at all"}`, async () => {
      const reply = await manage("/models", json(body));
      assert.deepEqual(reply.json, {
        code: 400,
        type: "BadRequestException",
        message: `Cannot read the body: ${message}`,
      });
    });
  }

  await t.step("but keeps none whose workers cannot load it", async () => {
    for (
      const [handler, status] of [["refuse", 500], [
        "lack-memory",
        507,
      ]] as const
    ) {
      const reply = await manage(
        `/models?url=g.mar&model_name=g&initial_workers=1&handler=${handler}`,
        { method: "POST" },
      );
      assert.deepEqual(reply.json, {
        code: status,
        type: "InternalServerException",
        message: "Failed to start workers",
      });
      assert.equal(server.registry.find("g"), undefined);
    }
  });
});

Deno.test("ModelServer scales, describes and unregisters models", async (t) => {
  await using server = await startServer();
  const { manage } = server;
  await registerReady(server.registry, {
    minWorkers: 1,
    loadedAtStartup: true,
  });

  await t.step("scales at once, or when the workers are there", async () => {
    const later = await manage("/models/test?min_worker=2", { method: "PUT" });
    assert.deepEqual([later.status, later.json], [202, {
      status: "Processing worker updates...",
    }]);
    const now = await manage(
      "/models/test?min_worker=2&synchronous=TRUE&number_gpu=10&timeout=-1",
      { method: "PUT" },
    );
    assert.deepEqual([now.status, now.json], [200, {
      status: "Workers scaled",
    }]);
    assert.equal(server.registry.get("test").running, 2);
  });

  await t.step("describes", async () => {
    const { status, json } = await manage("/models/test");
    assert.equal(status, 200);
    const { workers, ...model } = json as {
      workers: Record<string, unknown>[];
    };
    assert.deepEqual(model, {
      modelName: "test",
      modelUrl: "test.mar",
      runtime: "python",
      minWorkers: 2,
      maxWorkers: 2,
      batchSize: 1,
      maxBatchDelay: 100,
      loadedAtStartup: true,
      status: "READY",
    });
    assert.equal(workers.length, 2);
    for (const worker of workers) {
      assert.equal(worker.status, "READY");
      assert.equal(worker.gpu, false);
      assert.match(String(worker.startTime), /^\d{4}-\d\d-\d\dT.*Z$/);
    }
  });

  await t.step(
    "keeps a model whose further workers cannot load it",
    async () => {
      await registerReady(server.registry, {
        name: "bad",
        minWorkers: 0,
        handler: "refuse",
      });
      const { status, json } = await manage("/models/bad?synchronous=true", {
        method: "PUT",
      });
      assert.equal(status, 500);
      assert.equal(
        (json as { message: string }).message,
        "Failed to start workers",
      );
      const described = (await manage("/models/bad")).json as Record<
        string,
        unknown
      >;
      assert.equal(described.status, "FAILED");
      assert.equal(described.reason, "Cannot load it: it is a test");
      assert.equal((await server.infer("/predictions/bad", ECHO)).status, 503);
    },
  );

  await t.step("unregisters", async () => {
    const reply = await manage("/models/test", { method: "DELETE" });
    assert.deepEqual([reply.status, reply.json], [200, {
      status: 'Model "test" unregistered',
    }]);
    assert.equal((await server.infer("/predictions/test", ECHO)).status, 404);
  });
});

Deno.test("ModelServer shows no secrets of urls", async () => {
  await using server = await startServer();
  const url =
    "https://me:secret-word@host/m.mar?X-Amz-Signature=abcdef0123456789&v=1";
  await server.registry.register({ url, name: "m" });
  for (const path of ["/models", "/models/m"]) {
    const { text } = await server.manage(path);
    assert.doesNotMatch(text, /secret-word|abcdef0123456789/);
    assert.match(text, /host\/m\.mar/);
  }
});

Deno.test("ModelServer says so if unregistering takes too long", async () => {
  await using server = await startServer({ server: { unregisterTimeout: 0 } });
  await registerReady(server.registry);
  const busy = server.infer("/predictions/test", form({ type: "wait" }));
  await until("it is asked", async () => {
    const text = (await server.manage("/models/test")).text;
    return text.includes("READY");
  });
  const { status, json } = await server.manage("/models/test", {
    method: "DELETE",
  });
  assert.equal(status, 408);
  assert.deepEqual(json, {
    code: 408,
    type: "RequestTimeoutException",
    message: "Timed out while cleaning resources: test",
  });
  assert.ok((await busy).status >= 500);
  assert.equal((await server.manage("/models/test")).status, 200);
});

Deno.test("ModelServer lists models page by page", async (t) => {
  await using server = await startServer();
  for (const name of ["b", "a", "B", "c"]) {
    await server.registry.register({ url: `${name}.mar?v=1`, name });
  }
  const names = async (query: string) => {
    const { json } = await server.manage(`/models${query}`);
    const { models, nextPageToken } = json as {
      models: { modelName: string; modelUrl: string }[];
      nextPageToken?: string;
    };
    return [models.map(({ modelName }) => modelName).join(), nextPageToken];
  };
  const PAGES: readonly [string, string, string | undefined][] = [
    ["", "B,a,b,c", undefined],
    ["?limit=2", "B,a", "2"],
    ["?limit=2&next_page_token=2", "b,c", undefined],
    ["?limit=3&next_page_token=1", "a,b,c", undefined],
    ["?limit=200&nextPageToken=X", "B,a,b,c", undefined],
    ["?limit=x&next_page_token=-1", "B,a,b,c", undefined],
    ["?limit=0", "", undefined],
    ["?next_page_token=12", "", undefined],
  ];
  for (const [query, expected, token] of PAGES) {
    await t.step(`/models${query}`, async () => {
      assert.deepEqual(await names(query), [expected, token]);
    });
  }

  await t.step("in the original's form", async () => {
    const { text } = await server.manage("/models?limit=1");
    assert.equal(
      text,
      `{\n  "nextPageToken": "1",\n  "models": [\n    {\n      "modelName": "B",\n      "modelUrl": "B.mar?v\\u003d1"\n    }\n  ]\n}\n`,
    );
  });
});

Deno.test("ModelServer lets requests wait for models that are being opened", async () => {
  const started = Promise.withResolvers<void>();
  await using server = await startServer({
    server: { started: started.promise },
  });
  const waiting = server.infer("/predictions/test", ECHO);
  const unknown = server.infer("/predictions/unknown", ECHO);
  await registerReady(server.registry);
  started.resolve();
  assert.equal((await waiting).status, 200);
  assert.equal((await unknown).status, 404);
});

Deno.test("ModelServer shares one port between both APIs", async (t) => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { ...FREE_PORT, port: listener.addr.port };
  listener.close();
  await using server = await startServer({
    server: { inferenceAddress: address, managementAddress: address },
  });
  await registerReady(server.registry, { loadedAtStartup: true });
  for (
    const [method, path, status] of [
      ["GET", "/ping", 200],
      ["GET", "/models", 200],
      ["GET", "/models/test", 200],
      ["POST", `/invocations?${ECHO_QUERY}`, 200],
      ["POST", `/models/test/invoke?${ECHO_QUERY}`, 200],
      ["POST", "/models/test/other", 404],
      ["PUT", "/models", 405],
    ] as const
  ) {
    await t.step(`${method} ${path.split("?")[0]}`, async () => {
      assert.equal((await server.infer(path, { method })).status, status);
    });
  }
});

Deno.test("ModelServer tells browsers what it was told, on every answer", async () => {
  await using server = await startServer({
    server: {
      cors: {
        allowedOrigin: "*",
        allowedMethods: "GET, POST",
        allowedHeaders: undefined,
      },
    },
  });
  for (
    const reply of [await server.infer("/ping"), await server.manage("/none")]
  ) {
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    assert.equal(
      reply.headers.get("access-control-allow-methods"),
      "GET, POST",
    );
    assert.equal(reply.headers.get("access-control-allow-headers"), null);
  }
});

Deno.test("ModelServer.start() leaves nothing behind if one address is taken", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assert.rejects(
    startServer({
      server: { managementAddress: { ...FREE_PORT, port: taken.addr.port } },
    }),
    { code: "io_failed" },
  );
});
