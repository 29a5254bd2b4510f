import assert from "node:assert/strict";
import { pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

const REASONS = {
  python: /is code of its own$/,
  python2: /; its runtime is python2, Python 3 runs it$/,
  python3: /is code of its own$/,
} as const;

pythonTest(
  "a Python service runs whichever Python its runtime names",
  async (t) => {
    await using server = await serviceServer();
    for (const [runtime, reason] of Object.entries(REASONS)) {
      await t.step(runtime, async () => {
        const { status, text } = await server.register("noop-v1.0", {
          ...{ model_name: runtime, runtime },
        });
        assert.equal(status, 200, text);
        assert.equal((await server.ask(runtime)).text, "OK");
        const described = await server.manage("GET", `/models/${runtime}`);
        const model = JSON.parse(described.text);
        assert.equal(model.runtime, runtime);
        assert.match(model.serviceReason, reason);
      });
    }
  },
);

pythonTest("a Python that is not there is named, and the setting", async () => {
  await using server = await serviceServer(["--python", "no-such-python"]);
  assert.equal((await server.register("noop-v1.0")).status, 500);
  await server.logged(
    /Cannot start a worker with "no-such-python": there is no such program, the setting python names another one, of version 3\.8 or later/,
  );
});
