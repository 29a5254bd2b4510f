import assert from "node:assert/strict";
import {
  choice,
  integer,
  type Kind,
  pattern,
  seconds,
  text,
  toggle,
} from "../../src/config/kinds.ts";
import { modelSelection } from "../../src/config/models.ts";

const CASES: readonly [string, Kind<unknown>, string, unknown][] = [
  ["text", text(), "a b", "a b"],
  ["text", text(), "", undefined],
  ["toggle", toggle(), "TRUE", true],
  ["toggle", toggle(), "yes", true],
  ["toggle", toggle(), "off", false],
  ["toggle", toggle(), "maybe", undefined],
  ["integer", integer(0), "12", 12],
  ["integer", integer(-1), "-1", -1],
  ["integer", integer(0), "-1", undefined],
  ["integer", integer(0), "1.5", undefined],
  ["integer", integer(0), "0x10", undefined],
  ["integer", integer(0), "99999999999999999999", undefined],
  ["seconds", seconds(0), "0.25", 0.25],
  ["seconds", seconds(1), "0.5", undefined],
  ["seconds", seconds(0), "1e3", undefined],
  ["choice", choice(["text", "json"]), "JSON", "json"],
  ["choice", choice(["text", "json"]), "xml", undefined],
  ["pattern", pattern(), "(", undefined],
  ["models", modelSelection(), "all", "ALL"],
  ["models", modelSelection(), "", []],
  ["models", modelSelection(), "a=b.mar, c.mar", [
    { name: "a", url: "b.mar" },
    { name: undefined, url: "c.mar" },
  ]],
  ["models", modelSelection(), "m=https://h/x.mar?v=1", [
    { name: "m", url: "https://h/x.mar?v=1" },
  ]],
  ["models", modelSelection(), "https://h/x.mar?v=1", [
    { name: undefined, url: "https://h/x.mar?v=1" },
  ]],
];

for (const [name, kind, given, value] of CASES) {
  Deno.test(`${name} reads "${given}" as ${JSON.stringify(value)}`, () => {
    assert.deepEqual(kind.parse(given), value);
  });
}

Deno.test("pattern() matches as a whole", () => {
  const expression = pattern().parse("AWS_.*|SECRET")!;
  assert.ok(expression.test("AWS_KEY"));
  assert.ok(expression.test("SECRET"));
  assert.ok(!expression.test("MY_SECRET_AWS_"));
});

Deno.test("show() writes what parse() reads", () => {
  const shown = [
    [modelSelection(), "a=b.mar,c.mar"],
    [modelSelection(), "ALL"],
    [pattern(), "a|b"],
    [seconds(0), "2.5"],
    [toggle(), "true"],
  ] as readonly [Kind<unknown>, string][];
  for (const [kind, written] of shown) {
    assert.equal(kind.show(kind.parse(written)), written);
  }
});
