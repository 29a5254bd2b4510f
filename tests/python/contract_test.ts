import assert from "node:assert/strict";
import { pythonTest } from "./support/python.ts";
import { type ServiceServer, serviceServer } from "./support/service_server.ts";

const TEXT = { "content-type": "text/plain" };
const JSON_TYPE = { "content-type": "application/json" };

/** Registers a service, asks it once, and returns both answers. */
async function both(
  server: ServiceServer,
  folder: string,
  model: string,
): Promise<readonly (readonly [number, string])[]> {
  const registered = await server.register(folder, { model_name: model });
  const { status, text } = await server.ask(model, { body: "data=test" });
  return [[registered.status, registered.text], [status, text]];
}

const SCALED = '{\n  "status": "Workers scaled"\n}\n';

function problem(code: number, message: string): string {
  const type = "InternalServerException";
  return `${JSON.stringify({ code, type, message }, null, 2)}\n`;
}

pythonTest("Python services of the original", async (t) => {
  await using server = await serviceServer([
    ...["--default-service-handler", "service:handle"],
  ]);

  await t.step("in the layout of 1.0 answer what they return", async () => {
    await server.register("noop-v1.0");
    const body = new FormData();
    body.set("data", "test");
    for (
      const question of [
        { body: new URLSearchParams({ data: "test" }).toString() },
        {
          body: "test",
          headers: { "content-type": "application/octet-stream" },
        },
        { body: '{"data": "test"}', headers: JSON_TYPE },
        { body },
      ]
    ) {
      const { status, headers, text } = await server.ask("noop", question);
      assert.deepEqual([status, text], [200, "OK"]);
      assert.equal(headers.get("content-type"), "text/plain");
    }
  });

  await t.step("in the layout of 0.x, too", async () => {
    await server.register("noop-v0.1");
    const { status, text } = await server.ask("noop_v0.1", { body: "test" });
    assert.deepEqual([status, text], [200, "OK"]);
    await server.logged(/preprocess time: \d+\.\d\d/);
  });

  await t.step("without a manifest use the default handler", async () => {
    assert.deepEqual(await both(server, "noop-no-manifest", "nomanifest"), [
      [200, SCALED],
      [200, "OK"],
    ]);
  });

  await t.step("are given JSON and text parsed", async () => {
    await server.register("noop-v1.0-config-tests");
    const shown = async (body: string, type: string) =>
      (await server.ask("noop-config", {
        body,
        headers: { "content-type": type },
      })).text;
    assert.equal(
      await shown('{"a": [1]}', JSON_TYPE["content-type"]),
      "{'body': {'a': [1]}}",
    );
    assert.equal(await shown("é", "text/csv; charset=utf-8"), "{'body': 'é'}");
    assert.equal(await shown("é", "x/y"), "{'body': bytearray(b'\\xc3\\xa9')}");
    assert.equal(
      await shown("a=1&b=2&a=3", "application/x-www-form-urlencoded"),
      "{'a': bytearray(b'3'), 'b': bytearray(b'2')}",
    );
  });

  await t.step("set headers of their own, and see the caller's", async () => {
    await server.register("respheader-test");
    const { status, headers, text } = await server.ask("respheader", {
      body: "hi",
      headers: { ...TEXT, "X-Echo": "caller" },
    });
    assert.equal(status, 200);
    assert.equal(headers.get("dummy"), "1");
    assert.equal(headers.get("x-echoed"), "caller");
    assert.equal(headers.get("content-type"), "text/plain");
    assert.equal(text, "{'body': 'hi'}");
  });

  await t.step("log what they say, under their worker's name", async () => {
    await server.register("logging");
    await server.ask("logging", { body: "data=test" });
    await server.logged(
      /\[INFO \] W-logging-1-stdout .*LoggingService inference \[PID\]: \d+/,
    );
    await server.manage("DELETE", "/models/logging");
    await server.logged(/LoggingService exit/);
  });

  await t.step("fail with a status of their own", async () => {
    assert.deepEqual(await both(server, "custom-return-code", "custom"), [
      [200, SCALED],
      [599, problem(599, "Some Prediction Error")],
    ]);
  });

  await t.step("lack memory to predict: 507", async () => {
    assert.deepEqual(await both(server, "prediction-memory-error", "pred"), [
      [200, SCALED],
      [507, problem(507, "Out of resources")],
    ]);
  });

  await t.step("lack memory to load: 507", async () => {
    const { status, text } = await server.register("loading-memory-error");
    assert.deepEqual([status, text], [
      507,
      problem(507, "Failed to start workers"),
    ]);
  });

  await t.step("answer with a status and a body of their own", async () => {
    assert.deepEqual(await both(server, "error_batch", "err_batch"), [
      [200, SCALED],
      [507, "Invalid response"],
    ]);
  });

  await t.step("return text for a list: 503", async () => {
    assert.deepEqual(await both(server, "invalid", "invalid"), [
      [200, SCALED],
      [503, problem(503, "Invalid model predict output")],
    ]);
  });

  await t.step("cannot be loaded: 500, and the log says why", async () => {
    const { status } = await server.register("init-error", {
      initial_workers: 0,
    });
    assert.equal(status, 200);
    const scaled = await server.manage(
      "PUT",
      "/models/init-error?synchronous=true&min_worker=1",
    );
    assert.deepEqual([scaled.status, scaled.text], [
      500,
      problem(500, "Failed to start workers"),
    ]);
    await server.logged(
      /Cannot load model "init-error": RuntimeError: Initialize failure\./,
    );
    await server.logged(/invalid_service\.py", line 5, in handle/);
  });

  await t.step("are described as what they are", async () => {
    const { text } = await server.manage("GET", "/models/noop");
    const { service, serviceReason, runtime } = JSON.parse(text);
    assert.deepEqual([service, serviceReason, runtime], [
      "python",
      '"service.py" is code of its own',
      "python",
    ]);
  });
});

pythonTest(
  "decode_input_request=false leaves it to services to parse",
  async () => {
    await using server = await serviceServer([
      "--decode-input-request",
      "false",
    ]);
    await server.register("noop-v1.0-config-tests");
    const { text } = await server.ask("noop-config", {
      body: "[1]",
      headers: JSON_TYPE,
    });
    assert.equal(text, "{'body': bytearray(b'[1]')}");
  },
);

pythonTest(
  "a class is a service, and its folder is where it imports from",
  async () => {
    await using server = await serviceServer();
    await server.register("classy", { batch_size: 3 });
    const { headers, text } = await server.ask("classy");
    assert.equal(headers.get("content-type"), null);
    assert.deepEqual(JSON.parse(text), {
      here: true,
      beside: "beside",
      handler: "pkg/classy.py",
      batch_size: 3,
      gpu_id: null,
      threads: "1",
      ids: [headers.get("x-request-id")],
    });
    assert.match(text, /^\{\n {2}"here": true,\n/);
  },
);

pythonTest("a Python that is not there is named", async () => {
  await using server = await serviceServer(["--python", "no-such-python"]);
  const { status } = await server.register("noop-v1.0");
  assert.equal(status, 500);
  await server.logged(
    /Cannot start a worker with "no-such-python": there is no such program, the setting python names another one/,
  );
});
