import assert from "node:assert/strict";
import { renderTable } from "../../src/cli/terminal/table.ts";

Deno.test("renderTable()", async (t) => {
  await t.step("lines columns up", () => {
    assert.equal(
      renderTable([["cat", "1.5"], ["elephant", "10"]], 80, ["left", "right"]),
      "cat       1.5\nelephant   10\n",
    );
  });
  await t.step("leaves no space at the end of a line", () => {
    assert.equal(renderTable([["a", ""], ["b", "c"]], 80), "a\nb  c\n");
  });
  await t.step("cuts the first column where there is no room", () => {
    const rows = [["a very long name of a class", "99.9 %"], ["b", "0.1 %"]];
    assert.equal(
      renderTable(rows, 24, ["left", "right"]),
      "a very long nam…  99.9 %\nb                  0.1 %\n",
    );
  });
  await t.step("but not to nothing", () => {
    assert.equal(
      renderTable([["a very long name", "1"]], 5),
      "a very long…  1\n",
    );
  });
  await t.step("counts characters, not code units", () => {
    assert.equal(
      renderTable([["🐈", "1"], ["ab", "2"]], 80),
      "🐈   1\nab  2\n",
    );
  });
  await t.step("shows what could steer a terminal", () => {
    assert.equal(renderTable([["\x1b[2J\n"]], 80), "\\u{1b}[2J\\n\n");
  });
  await t.step("is nothing without rows", () => {
    assert.equal(renderTable([], 80), "");
  });
});
