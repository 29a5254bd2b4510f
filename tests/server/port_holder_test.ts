import assert from "node:assert/strict";
import { findPortHolder } from "../../src/server/listener/port_holder.ts";
import { LINUX, needing } from "../support/needing.ts";

needing(LINUX)("findPortHolder() names the process that listens", async (t) => {
  for (const hostname of ["127.0.0.1", "::1"]) {
    await t.step(`on ${hostname}`, async () => {
      using listener = Deno.listen({ hostname, port: 0 });
      const holder = await findPortHolder(listener.addr.port);
      assert.equal(holder?.pid, Deno.pid);
      assert.match(holder.name, /^deno/);
    });
  }

  await t.step("and nobody where nobody does", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    assert.equal(await findPortHolder(port), undefined);
  });
});
