import assert from "node:assert/strict";
import { run } from "../../src/cli/mod.ts";
import { recorder } from "../support/recorder.ts";
import { tempFolder } from "../support/temp.ts";
import { outcome } from "./support/mms.ts";

const COLUMNS = 60;

/** Lines that no width can shorten: examples, and terms of flags. */
const UNBROKEN = /^ {2}(\$|--\S+ ?\S*$)/;

function tooLong(text: string): readonly string[] {
  return text.split("\n").filter((line) =>
    line.length > COLUMNS && !UNBROKEN.test(line)
  );
}

for (const command of ["serve", "predict", "archive", "export"]) {
  Deno.test(`mms ${command} --help fits on a narrow terminal`, async () => {
    const terminal = recorder({ columns: COLUMNS });
    assert.equal(await run([command, "--help"], terminal), 0);
    assert.deepEqual(tooLong(terminal.outText()), []);
  });
}

Deno.test("mms --help keeps to COLUMNS where its output is no terminal", async () => {
  await using folder = await tempFolder();
  const { out } = await outcome(["serve", "--help"], {
    folder,
    env: { COLUMNS: String(COLUMNS) },
  });
  assert.deepEqual(tooLong(out), []);
  const wide = await outcome(["serve", "--help"], {
    folder,
    env: { COLUMNS: "no number" },
  });
  assert.ok(tooLong(wide.out).length > 0);
});
