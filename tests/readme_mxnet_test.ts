import assert from "node:assert/strict";
import { tableUnder } from "./support/markdown.ts";
import { operatorsTable } from "./support/operators_table.ts";
import { root } from "./support/paths.ts";

Deno.test("README.md: the table of operators is the converter's own", async () => {
  const readme = await Deno.readTextFile(`${root}/README.md`);
  const stated = tableUnder(readme, "## Coming from MXNet");
  const actual = tableUnder(`# x\n${operatorsTable()}`, "# x");
  assert.ok(actual.length > 0);
  assert.deepEqual(stated, actual);
});
