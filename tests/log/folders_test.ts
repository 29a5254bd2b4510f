import assert from "node:assert/strict";
import { logFolders } from "../../src/log.ts";

Deno.test("logFolders()", async (t) => {
  await t.step("writes no files for somebody who just tries", () => {
    assert.equal(logFolders({ isExpected: false }), undefined);
    assert.equal(logFolders({ isExpected: false, logLocation: "" }), undefined);
  });

  await t.step("writes MMS's files in the place of MMS", () => {
    assert.deepEqual(logFolders({ isExpected: true }), {
      logs: "logs",
      metrics: "logs",
    });
  });

  await t.step("writes them where they were asked for", () => {
    assert.deepEqual(
      logFolders({ isExpected: false, logLocation: "/var/log/mms" }),
      { logs: "/var/log/mms", metrics: "logs" },
    );
    assert.deepEqual(logFolders({ isExpected: false, metricsLocation: "m" }), {
      logs: "logs",
      metrics: "m",
    });
  });
});
