import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import { PythonWorkers, Registry } from "../../src/workload/mod.ts";
import { tempFolder } from "../support/temp.ts";
import { outcome } from "../cli/support/mms.ts";
import { pythonTest } from "./support/python.ts";
import { SERVICES, serviceServer } from "./support/service_server.ts";

pythonTest("Python code that a caller registers from a url", async (t) => {
  await using folder = await tempFolder();
  const args = ["--model-name", "noop", "--handler", "service:handle"];
  const packed = await outcome(
    ["archive", ...args, "--model-path", `${SERVICES}/noop-v1.0`],
    { folder },
  );
  assert.equal(packed.code, 0, packed.err);
  const mar = await Deno.readFile(`${folder.path}/noop.mar`);
  await using host = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(mar),
  );
  const origin = `http://127.0.0.1:${host.addr.port}`;
  const url = `${origin}/noop.mar`;

  await t.step("runs if allowed_urls names it", async () => {
    await using server = await serviceServer([
      "--allowed-urls",
      `${origin}/.*`,
    ]);
    const { status, text } = await server.register(url);
    assert.equal(status, 200, text);
    assert.equal((await server.ask("noop")).text, "OK");
  });

  await t.step("runs if it is served from the start", async () => {
    await using server = await serviceServer([
      ...["--allowed-urls", `${origin}/.*`, "--workers", "1"],
      ...["--models", `first=${url}`],
    ]);
    assert.equal((await server.ask("first")).text, "OK");
  });
});

Deno.test("Python code from a url that no setting names does not run", async () => {
  await using python = new PythonWorkers();
  await using registry = new Registry({
    launch: python.beside(),
    open: async () => ({
      archive: await openFolder(`${SERVICES}/noop-v1.0`),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  });
  const model = await registry.register({
    url: "https://example.com/noop.mar",
  });
  const range = { minWorkers: 1, maxWorkers: 1 };
  assert.deepEqual(await model.scale(range).done, {
    status: "failed",
    running: 0,
    reason:
      'Cannot run the Python code of model "noop": it was registered from a url that no setting names, allowed_urls with an expression that matches it would be right',
    outOfMemory: false,
  });
});
