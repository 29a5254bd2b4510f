import assert from "node:assert/strict";
import { cannotListen } from "../../src/server/listen_address.ts";

Deno.test("cannotListen() says in plain words what the system refused", async () => {
  const address = { scheme: "http", host: "240.0.0.1", port: 80 } as const;
  const refusal = Object.assign(new Error("listen EINVAL"), { code: "EINVAL" });
  const { code, message } = await cannotListen(address, refusal);
  assert.equal(code, "io_failed");
  assert.equal(
    message,
    'Cannot listen on "http://240.0.0.1:80": it is no address that can be listened on',
  );
});
