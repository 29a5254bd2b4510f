/**
 * The steps of the original's own server test that need Python services, of the
 * real process; the others are in original_test.ts.
 */

import assert from "node:assert/strict";
import { PYTHON, pythonTest } from "../python/support/python.ts";
import { SERVICES } from "../python/support/service_server.ts";
import type { HttpClient } from "../server/support/http_client.ts";
import {
  FORM_TYPE,
  JSON_TYPE,
  PREDICTIONS,
  said,
  type Setup,
  setUp,
} from "./support/original.ts";

const PYTHON_SETTINGS = `model_store=${SERVICES}
python=${PYTHON}
default_workers_per_model=1
load_models=noop-v1.0
`;

const FORM = { headers: FORM_TYPE, body: "data=test" };
const JSON_QUESTION = { headers: JSON_TYPE, body: '{"data": "test"}' };

/** Registers a service with one worker, and waits for that. */
async function register(
  client: HttpClient,
  url: string,
  name: string,
): Promise<readonly [number, string]> {
  return await said(
    client,
    `POST /models?url=${url}&model_name=${name}&initial_workers=1&synchronous=true`,
  );
}

async function unregister(client: HttpClient, name: string): Promise<void> {
  assert.deepEqual(await said(client, `DELETE /models/${name}`), [
    200,
    `Model "${name}" unregistered`,
  ]);
}

const SCALED = [200, "Workers scaled"];

/** Reads a log file again and again until it says what it should. */
async function logLines(
  { folder }: Setup,
  file: string,
  { pattern, count }: { readonly pattern: RegExp; readonly count: number },
): Promise<readonly string[]> {
  const end = performance.now() + 10_000;
  for (;;) {
    const text = await Deno.readTextFile(`${folder.path}/logs/${file}`);
    const lines = text.split("\n").filter((line) => pattern.test(line));
    if (lines.length >= count || performance.now() > end) return lines;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

pythonTest("the original's test, of Python services", async (t) => {
  await using setup = await setUp(PYTHON_SETTINGS);
  using infer = await setup.infer();
  using manage = await setup.manage();

  for (const [step, line, question] of PREDICTIONS) {
    await t.step(`${step}: predict`, async () => {
      const { status, text } = await infer.ask(line, question);
      assert.deepEqual([status, text], [200, "OK"]);
    });
  }

  await t.step("24 decode_input_request=true", async () => {
    assert.deepEqual(
      await register(manage, "noop-v1.0-config-tests", "noop-config"),
      SCALED,
    );
    const { status, text } = await infer.ask(
      "POST /predictions/noop-config",
      JSON_QUESTION,
    );
    assert.equal(status, 200);
    assert.match(text, /test/);
    assert.doesNotMatch(text, /bytearray/);
    await unregister(manage, "noop-config");
  });

  await t.step("29 what a service logs", async () => {
    assert.deepEqual(await register(manage, "logging", "logging"), SCALED);
    for (let i = 0; i < 5; i++) {
      assert.equal(
        (await infer.ask("POST /predictions/logging", FORM)).status,
        200,
      );
    }
    const pattern = /LoggingService inference \[PID\]:/;
    const asked = { pattern, count: 2 };
    assert.ok((await logLines(setup, "mms_log.log", asked)).length >= 2);
    await unregister(manage, "logging");
  });

  await t.step("30 log that a model is unregistered", async () => {
    await register(manage, "logging", "logging");
    await unregister(manage, "logging");
    const asked = { pattern: /Model logging unregistered/, count: 2 };
    assert.equal((await logLines(setup, "mms_log.log", asked)).length, 2);
  });

  await t.step("31 a service that finds no memory to load", async () => {
    using client = await setup.manage();
    const [status] = await register(
      client,
      "loading-memory-error",
      "memory_error",
    );
    assert.equal(status, 507);
  });

  await t.step("32–34 a service that finds none to predict", async () => {
    assert.deepEqual(
      await register(manage, "prediction-memory-error", "pred-err"),
      SCALED,
    );
    using client = await setup.infer();
    assert.equal((await client.ask("POST /predictions/pred-err")).status, 507);
    await unregister(manage, "pred-err");
  });

  await t.step("35 a status of the service's own", async () => {
    assert.deepEqual(
      await register(manage, "custom-return-code", "custom-return-code"),
      SCALED,
    );
    using client = await setup.infer();
    const { status, text } = await client.ask(
      "POST /predictions/custom-return-code",
      FORM,
    );
    const { code, message } = JSON.parse(text);
    assert.deepEqual([status, code, message], [
      599,
      599,
      "Some Prediction Error",
    ]);
  });

  await t.step("36 metrics of the machine", async () => {
    for (const name of ["CPUUtilization.Percent", "MemoryUsed.Megabytes"]) {
      const asked = { pattern: new RegExp(`${name}:\\d`), count: 1 };
      assert.ok((await logLines(setup, "mms_metrics.log", asked)).length > 0);
    }
    const disk = { pattern: /\bDisk\w+\.Gigabytes:/, count: 1 };
    for (const line of await logLines(setup, "mms_metrics.log", disk)) {
      assert.match(line, /\|#Level:Host\|/);
    }
  });

  await t.step("37–38 a status for one request of a batch", async () => {
    assert.deepEqual(
      await register(manage, "error_batch", "err_batch"),
      SCALED,
    );
    using client = await setup.infer();
    const { status, text } = await client.ask(
      "POST /predictions/err_batch",
      FORM,
    );
    assert.deepEqual([status, text], [507, "Invalid response"]);
  });

  await t.step("57–58 a service that cannot load", async () => {
    using client = await setup.manage();
    await client.ask("POST /models?url=init-error&synchronous=false");
    assert.deepEqual(
      await said(
        client,
        "PUT /models/init-error?synchronous=true&min_worker=1",
      ),
      [500, "Failed to start workers"],
    );
  });

  await t.step("61–62 a service that answers something else", async () => {
    using manage = await setup.manage();
    assert.deepEqual(await register(manage, "invalid", "invalid"), SCALED);
    using client = await setup.infer();
    const { status, text } = await client.ask(
      "POST /predictions/invalid",
      FORM,
    );
    const { code, message } = JSON.parse(text);
    assert.deepEqual([status, code, message], [
      503,
      503,
      "Invalid model predict output",
    ]);
  });
});

pythonTest(
  "the original's test, of Python services with other settings",
  async (t) => {
    await using setup = await setUp(
      `${PYTHON_SETTINGS}decode_input_request=false
default_service_handler=service:handle
default_workers_per_model=2
load_models=
`,
    );
    using infer = await setup.infer();
    using manage = await setup.manage();

    await t.step("25 decode_input_request=false", async () => {
      assert.deepEqual(
        await register(manage, "noop-v1.0-config-tests", "noop-config"),
        SCALED,
      );
      const { status, text } = await infer.ask(
        "POST /predictions/noop-config",
        JSON_QUESTION,
      );
      assert.equal(status, 200);
      assert.match(text, /bytearray/);
      await unregister(manage, "noop-config");
    });

    await t.step("26 headers of the service's own", async () => {
      assert.deepEqual(
        await register(manage, "respheader-test", "respheader"),
        SCALED,
      );
      const { status, headers, text } = await infer.ask(
        "POST /predictions/respheader",
        JSON_QUESTION,
      );
      assert.equal(status, 200);
      assert.equal(headers.get("dummy"), "1");
      assert.equal(headers.get("content-type"), "text/plain");
      assert.match(text, /bytearray/);
      await unregister(manage, "respheader");
    });

    await t.step("27 default_service_handler", async () => {
      assert.deepEqual(
        await register(manage, "noop-no-manifest", "nomanifest"),
        SCALED,
      );
      const { status, text } = await infer.ask(
        "POST /predictions/nomanifest",
        JSON_QUESTION,
      );
      assert.deepEqual([status, text], [200, "OK"]);
      await unregister(manage, "nomanifest");
    });

    await t.step("29 default_workers_per_model=2", async () => {
      await manage.ask("POST /models?url=logging");
      const { text } = await manage.ask("GET /models/logging");
      assert.equal(JSON.parse(text).minWorkers, 2);
      await unregister(manage, "logging");
    });
  },
);
