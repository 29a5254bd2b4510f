import assert from "node:assert/strict";
import { parseTarget } from "../../src/server/inference/target.ts";

const TARGETS: readonly [string, readonly string[], string][] = [
  ["/", [], ""],
  ["//", [], ""],
  ["/ping", ["ping"], ""],
  ["/ping/", ["ping"], ""],
  ["/ping?x=1", ["ping"], "x=1"],
  ["/ping?a=?&b", ["ping"], "a=?&b"],
  ["/pi%6Eg", ["ping"], ""],
  ["/predictions/a%2Fb", ["predictions", "a", "b"], ""],
  ["/predictions/%E2%82%AC", ["predictions", "€"], ""],
  ["//evil/ping", ["", "evil", "ping"], ""],
  ["/a/../b", ["a", "..", "b"], ""],
  ["/a\\b", ["a\\b"], ""],
  ["http://host:1/ping?q", ["ping"], "q"],
  ["HTTPS://host", [], ""],
  ["/a?b%", ["a"], "b%"],
];

for (const [target, segments, queryText] of TARGETS) {
  Deno.test(`parseTarget() cuts ${target}`, () => {
    assert.deepEqual(parseTarget(target), { segments, queryText });
  });
}

for (const target of ["*", "", "ping", "host:443"]) {
  Deno.test(`parseTarget() finds nothing at "${target}"`, () => {
    assert.throws(() => parseTarget(target), { code: "resource_not_found" });
  });
}

for (const target of ["/%", "/%zz", "/%ff", "/a%2"]) {
  Deno.test(`parseTarget() refuses the escapes of ${target}`, () => {
    assert.throws(() => parseTarget(target), { code: "bad_request" });
  });
}
