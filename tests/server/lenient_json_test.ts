import assert from "node:assert/strict";
import { parseParameters } from "../../src/server/inference/lenient_json.ts";

const READABLE: readonly [string, Record<string, string>][] = [
  [`{"url": "a", "n": 1, "b": true}`, { url: "a", n: "1", b: "true" }],
  [`{'url': 'a.mar', 'initial_workers': '1'}`, {
    url: "a.mar",
    initial_workers: "1",
  }],
  [`{'a': 'it\\'s "quoted"'}`, { a: `it's "quoted"` }],
  [`{'a': 'b\\\\c\\n'}`, { a: "b\\c\n" }],
  [`{"a": "it's", 'b': "c'd"}`, { a: "it's", b: "c'd" }],
  [`{"a": null, "b": [1], "c": {"d": 1}, "e": "x"}`, { e: "x" }],
  [`{"__proto__": "x"}`, { ["__proto__"]: "x" }],
  [`{}`, {}],
];

for (const [text, parameters] of READABLE) {
  Deno.test(`parseParameters() reads ${text}`, () => {
    assert.deepEqual([...parseParameters(text)], Object.entries(parameters));
  });
}

for (const text of ["", "null", "[]", '"a"', "{", "{'a': 'b}", "{a: 1}", "x"]) {
  Deno.test(`parseParameters() refuses ${text || "nothing"}`, () => {
    assert.throws(() => parseParameters(text), { code: "bad_request" });
  });
}
