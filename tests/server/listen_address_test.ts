import assert from "node:assert/strict";
import { cannotListen } from "../../src/server/listener/listen_address.ts";
import { LINUX, needing } from "../support/needing.ts";

Deno.test("cannotListen() says in plain words what the system refused", async () => {
  const address = { scheme: "http", host: "240.0.0.1", port: 80 } as const;
  const refusal = Object.assign(new Error("listen EINVAL"), { code: "EINVAL" });
  const { code, message } = await cannotListen(address, {
    flag: "--inference-address",
  }, refusal);
  assert.equal(code, "io_failed");
  assert.equal(
    message,
    'Cannot listen on "http://240.0.0.1:80": it is no address that can be listened on',
  );
});

Deno.test("cannotListen() says that a socket's folder is missing", async () => {
  const address = { scheme: "unix", path: "/nowhere/a.sock" } as const;
  const refusal = Object.assign(new Error("listen ENOENT"), { code: "ENOENT" });
  const flag = "--inference-address";
  const { message } = await cannotListen(address, { flag }, refusal);
  assert.equal(
    message,
    'Cannot listen on "unix:/nowhere/a.sock": there is no such folder',
  );
});

// Elsewhere nobody tells who listens.
needing(LINUX)(
  "cannotListen() says whose an address is, and what helps",
  async (t) => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const address = {
      ...{ scheme: "http", host: "127.0.0.1" } as const,
      port: listener.addr.port,
    };
    const refusal = Object.assign(new Error(), { code: "EADDRINUSE" });
    const flag = "--management-address";

    await t.step("another program's", async () => {
      const { message } = await cannotListen(address, { flag }, refusal);
      assert.match(
        message,
        new RegExp(
          `: deno\\S* with pid ${Deno.pid} is listening there, --management-address with another port would be right$`,
        ),
      );
    });

    await t.step("or one's own, in the background", async () => {
      const { message } = await cannotListen(address, {
        flag,
        backgroundPid: () => Promise.resolve(Deno.pid),
      }, refusal);
      assert.match(message, /: it is taken by the server in the background/);
      assert.match(message, /mms serve --stop ends that, or --management-/);
    });
  },
);
