import assert from "node:assert/strict";
import { topK } from "../../src/tensor/mod.ts";

const CASES: readonly [string, readonly number[], number, number[]][] = [
  ["the greatest first", [0.1, 0.7, 0.2], 2, [1, 2]],
  ["of equal values the first", [1, 3, 3, 1, 3], 4, [1, 2, 4, 0]],
  ["NaN last", [NaN, -1, NaN, -2], 4, [1, 3, 0, 2]],
  ["-Infinity before NaN", [NaN, -Infinity], 2, [1, 0]],
  ["0 and -0 as equal", [-0, 0], 2, [0, 1]],
  ["all where there are fewer", [5, 6], 5, [1, 0]],
  ["nothing of nothing", [], 5, []],
  ["nothing for k = 0", [1, 2], 0, []],
];

for (const [claim, values, k, expected] of CASES) {
  Deno.test(`topK() takes ${claim}`, () => {
    assert.deepEqual(topK(values, k), expected);
  });
}

Deno.test("topK() agrees with sorting", () => {
  const values = Float32Array.from(
    { length: 500 },
    (_, i) => (i * 7919) % 97,
  );
  const sorted = [...values.keys()].sort((a, b) =>
    values[b]! - values[a]! || a - b
  );
  for (const k of [1, 5, 499, 500]) {
    assert.deepEqual(topK(values, k), sorted.slice(0, k));
  }
});
