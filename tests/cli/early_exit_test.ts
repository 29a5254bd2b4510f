import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { outcomeOf, startScript } from "./support/process.ts";

const BUG = `${root}/tests/cli/support/bug.ts`;

for (const kind of ["error", "rejection"]) {
  Deno.test(`exitOnBugs() ends with 70 after an ${kind} that nobody catches`, async (t) => {
    await using folder = await tempFolder();
    const throwOne = (...args: readonly string[]) =>
      outcomeOf(startScript(BUG, [kind, ...args], { cwd: folder.path }));

    await t.step("and tells it in the terminal", async () => {
      const { code, err } = await throwOne();
      assert.equal(code, 70);
      assert.match(err, /^This is a bug in mms:\nTypeError: a bug\n +at /);
    });

    await t.step("and logs it before it ends", async () => {
      const { code, err } = await throwOne("logged");
      assert.equal(code, 70);
      const line = /\[FATAL\] .*This is a bug in mms:\s+TypeError: a bug/;
      assert.match(err, line);
      const log = await Deno.readTextFile(`${folder.path}/logs/mms_log.log`);
      assert.match(log, line);
    });
  });
}
