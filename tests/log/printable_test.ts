import assert from "node:assert/strict";
import { oneLine, printable } from "../../src/log/printable.ts";

Deno.test("printable()", async (t) => {
  await t.step("leaves text as it is", () => {
    assert.equal(printable("naïve 猫\t{x}"), "naïve 猫\t{x}");
  });

  await t.step("writes out what could steer a terminal", () => {
    assert.equal(printable("\x1b[2Ja\rb\u202e"), "\\u{1b}[2Ja\\u{d}b\\u{202e}");
  });

  await t.step("indents lines, so that none can pass for an event", () => {
    assert.equal(
      printable("a\n2018-10-14T16:59:59,926 [INFO ] main mms - b"),
      "a\n  2018-10-14T16:59:59,926 [INFO ] main mms - b",
    );
  });

  await t.step("cuts what is too long", () => {
    const text = printable("x".repeat(100_000));
    assert.equal(text.length, (1 << 16) + "… (34464 more characters)".length);
  });
});

Deno.test("oneLine() keeps line feeds from making lines", () => {
  assert.equal(oneLine("a\nb\x07"), "a\\nb\\u{7}");
});
