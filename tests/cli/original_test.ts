/**
 * What the original's own server test asks of it, step by step, of the real
 * process. Its steps that need Python services (24–27, 29, 31–38, 61 and 62) are
 * in original_python_test.ts.
 */

import assert from "node:assert/strict";
import type { OpenApiDocument } from "../../src/server/openapi/operation.ts";
import { HttpClient } from "../server/support/http_client.ts";
import { tempFolder } from "../support/temp.ts";
import { startServer } from "./support/mms.ts";
import {
  JSON_TYPE,
  PREDICTIONS,
  said,
  setUp,
  writeModels,
} from "./support/original.ts";

const NOT_FOUND =
  "Requested resource is not found, please refer to API document.";
const NOT_ALLOWED =
  "Requested method is not allowed, please refer to API document.";

Deno.test("the original's test, on two connections that are kept", async (t) => {
  await using setup = await setUp();
  using infer = await setup.infer();
  using manage = await setup.manage();

  await t.step("1 ping", async () => {
    const { status, headers, text } = await infer.ask("GET /ping");
    assert.deepEqual([status, JSON.parse(text)], [200, { status: "Healthy" }]);
    assert.match(headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
  });

  await t.step("2–4 describe the APIs", async () => {
    const inference = await infer.ask("OPTIONS /");
    const old = await infer.ask("GET /api-description");
    assert.equal(old.text, inference.text);
    const paths = (text: string) =>
      Object.keys((JSON.parse(text) as OpenApiDocument).paths);
    assert.ok(paths(inference.text).includes("/predictions/{model_name}"));
    const management = await manage.ask("OPTIONS /");
    assert.ok(paths(management.text).includes("/models/{model_name}"));
  });

  await t.step("5 describe a model", async () => {
    const { text } = await infer.ask("OPTIONS /predictions/noop_v0.1");
    const { info, paths } = JSON.parse(text) as OpenApiDocument;
    assert.equal(info.title, "RESTful API for: noop_v0.1");
    assert.equal(
      paths["/prediction/noop_v0.1"]?.post?.operationId,
      "noop_v0.1",
    );
  });

  await t.step("6–9 unregister, register, scale", async () => {
    const steps = [
      ["DELETE /models/noop_v0.1", 'Model "noop_v0.1" unregistered'],
      [
        "POST /models?url=noop-v0.1&model_name=noop_v0.1&runtime=python&synchronous=false",
        'Model "noop_v0.1" registered',
      ],
      ["PUT /models/noop_v0.1?synchronous=true&min_worker=1", "Workers scaled"],
      ["PUT /models/noop_v0.1?min_worker=2", "Processing worker updates..."],
    ] as const;
    for (const [line, text] of steps) {
      assert.equal((await said(manage, line))[1], text);
    }
  });

  await t.step("10–11 list and describe", async () => {
    const list = await manage.ask("GET /models?limit=200&nextPageToken=X");
    assert.equal(JSON.parse(list.text).models.length, 2);
    const { text } = await manage.ask("GET /models/noop_v0.1");
    assert.ok(JSON.parse(text).workers.length > 1);
  });

  await t.step(
    "12–13 register with workers, from the query and from JSON",
    async () => {
      await manage.ask("DELETE /models/noop_v0.1");
      assert.deepEqual(
        await said(
          manage,
          "POST /models?url=noop-v0.1&model_name=noop_v0.1&initial_workers=1&synchronous=true",
        ),
        [200, "Workers scaled"],
      );
      await manage.ask("DELETE /models/noop_v0.1");
      assert.deepEqual(
        await said(manage, "POST /models", {
          headers: JSON_TYPE,
          body:
            "{'url': 'noop-v0.1', 'model_name': 'noop_v0.1', 'initial_workers': '1', 'synchronous': 'true'}",
        }),
        [200, "Workers scaled"],
      );
    },
  );

  for (const [step, line, question] of PREDICTIONS) {
    await t.step(`${step}: predict`, async () => {
      const { status, text } = await infer.ask(line, question);
      assert.deepEqual([status, text], [200, "OK"]);
    });
  }

  await t.step("22–23 refuse what is too large, and go on", async () => {
    const large = await infer.ask("POST /predictions/noop", {
      body: new Uint8Array(11_485_760),
    });
    assert.equal(large.status, 413);
    const fits = await infer.ask("POST /predictions/noop", {
      body: new Uint8Array(10_385_760),
    });
    assert.equal(fits.status, 200);
  });

  await t.step("30 log that a model is unregistered", async () => {
    await manage.ask("POST /models?url=logging");
    assert.equal(
      (await said(manage, "DELETE /models/logging"))[1],
      'Model "logging" unregistered',
    );
    const log = `${setup.folder.path}/logs/mms_log.log`;
    const isLogged = async () =>
      /Model logging unregistered/.test(await Deno.readTextFile(log));
    const end = performance.now() + 5000;
    while (!await isLogged() && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.ok(await isLogged());
  });
});

/** Step, connector, request line, status, message. */
const REFUSALS: readonly [
  string,
  "infer" | "manage",
  string,
  number,
  string,
][] = [
  ["39", "infer", "GET /", 405, NOT_ALLOWED],
  ["40", "infer", "GET /InvalidUrl", 404, NOT_FOUND],
  ["41", "infer", "GET /predictions", 404, NOT_FOUND],
  [
    "42",
    "infer",
    "OPTIONS /predictions/InvalidModel",
    404,
    "Model not found: InvalidModel",
  ],
  [
    "43",
    "infer",
    "GET /predictions/InvalidModel",
    404,
    "Model not found: InvalidModel",
  ],
  ["44", "manage", "GET /InvalidUrl", 404, NOT_FOUND],
  ["45", "manage", "PUT /models", 405, NOT_ALLOWED],
  ["46", "manage", "POST /models/noop", 405, NOT_ALLOWED],
  [
    "47",
    "manage",
    "GET /models/InvalidModel",
    404,
    "Model not found: InvalidModel",
  ],
  ["48", "manage", "POST /models", 400, "Parameter url is required."],
  [
    "49",
    "manage",
    "POST /models?url=InvalidUrl&runtime=InvalidRuntime",
    400,
    "Invalid RuntimeType value: InvalidRuntime",
  ],
  [
    "50",
    "manage",
    "POST /models?url=InvalidUrl",
    404,
    "Model not found in model store: InvalidUrl",
  ],
  [
    "51",
    "manage",
    "POST /models?url=noop-v0.1&model_name=noop_v0.1&runtime=python&synchronous=false",
    409,
    "Model noop_v0.1 is already registered.",
  ],
  [
    "52",
    "manage",
    "POST /models?url=http%3A%2F%2Flocalhost%3Aaaaa",
    404,
    "Invalid model url: http://localhost:aaaa",
  ],
  [
    "55",
    "manage",
    "POST /models?url=..%2Ffake.mar&synchronous=false",
    404,
    "Relative path is not allowed in url: ../fake.mar",
  ],
  ["56", "manage", "PUT /models/fake", 404, "Model not found: fake"],
  ["59", "manage", "DELETE /models/fake", 404, "Model not found: fake"],
];

Deno.test("the original's test, on connections that the server ends", async (t) => {
  await using setup = await setUp();

  for (const [step, connector, line, status, message] of REFUSALS) {
    await t.step(`${step} ${connector} ${line}`, async () => {
      using client = await setup[connector]();
      assert.deepEqual(await said(client, line), [status, message]);
      assert.ok(await client.isEnded());
    });
  }

  await t.step("53 a url where nobody answers", async () => {
    using nobody = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const url = `http://localhost:${nobody.addr.port}/fake.mar`;
    nobody.close();
    using client = await setup.manage();
    assert.deepEqual(
      await said(
        client,
        `POST /models?url=${encodeURIComponent(url)}&synchronous=false`,
      ),
      [400, `Failed to download model from: ${url}`],
    );
  });

  await t.step("54 a url of the server itself", async () => {
    using client = await setup.manage();
    const url = `${setup.server.inference}/fake.mar`;
    const [status, message] = await said(
      client,
      `POST /models?url=${encodeURIComponent(url)}&synchronous=false`,
    );
    // Its certificate is its own, which nobody trusts: the original's test did.
    assert.equal(status, 400);
    assert.match(message, /^Failed to download model from: https:/);
  });

  await t.step("57–58 a model whose workers cannot start", async () => {
    using client = await setup.manage();
    assert.deepEqual(
      await said(
        client,
        "POST /models?url=init-error&model_name=init-error&synchronous=false",
      ),
      [200, 'Model "init-error" registered'],
    );
    assert.deepEqual(
      await said(
        client,
        "PUT /models/init-error?synchronous=true&min_worker=1",
      ),
      [500, "Failed to start workers"],
    );
  });
});

Deno.test("the original's test, with other settings", async (t) => {
  await t.step("28 default_workers_per_model", async () => {
    await using setup = await setUp("default_workers_per_model=1");
    using client = await setup.manage();
    await client.ask(
      "POST /models?url=noop-v1.0&model_name=noop_default_model_workers",
    );
    const { status, text } = await client.ask(
      "GET /models/noop_default_model_workers",
    );
    assert.equal(status, 200);
    assert.equal(JSON.parse(text).minWorkers, 1);
  });

  await t.step("60 unregister_model_timeout", async () => {
    await using setup = await setUp("unregister_model_timeout=0");
    using first = await setup.manage();
    assert.deepEqual(await said(first, "DELETE /models/noop_v0.1"), [
      408,
      "Timed out while cleaning resources: noop_v0.1",
    ]);
    using second = await setup.manage();
    assert.equal((await said(second, "DELETE /models/noop_v0.1"))[0], 200);
  });
});

Deno.test("mms serve --mms-config sagemaker", async (t) => {
  await using folder = await tempFolder();
  await writeModels(folder);
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  await using _ = await startServer(["--mms-config", "sagemaker"], {
    folder,
    env: {
      SAGEMAKER_MODEL_STORE: "models",
      SAGEMAKER_BIND_TO_PORT: String(port),
      SAGEMAKER_RESPONSE_TIMEOUT: "60",
      SAGEMAKER_NUM_MODEL_WORKERS: "1",
      SAGEMAKER_HANDLER: "mms:noop",
      SAGEMAKER_MAX_RESPONSE_SIZE: "6000000",
      SAGEMAKER_MAX_REQUEST_SIZE: "6000000",
    },
  });
  using client = new HttpClient(
    await Deno.connect({ hostname: "127.0.0.1", port }),
  );

  await t.step("answers both APIs on one port, without a token", async () => {
    assert.equal((await client.ask("GET /ping")).status, 200);
    assert.deepEqual(
      await said(client, "POST /models", {
        headers: JSON_TYPE,
        body: '{"url": "noop-v1.0", "model_name": "abc"}',
      }),
      [200, "Workers scaled"],
    );
    assert.equal(
      JSON.parse((await client.ask("GET /models")).text).models.length,
      1,
    );
  });

  await t.step("invokes models", async () => {
    const body = "text";
    assert.equal(
      (await client.ask("POST /models/abc/invoke", { body })).text,
      "OK",
    );
    assert.equal(
      (await client.ask("POST /invocations?model_name=abc", { body })).text,
      "OK",
    );
  });

  await t.step("forgets them", async () => {
    assert.equal((await client.ask("DELETE /models/abc")).status, 200);
    assert.equal((await client.ask("POST /models/abc/invoke")).status, 404);
  });
});
