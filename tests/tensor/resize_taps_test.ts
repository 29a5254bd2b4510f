import assert from "node:assert/strict";
import { taps } from "../../src/tensor/resize_taps.ts";

Deno.test("taps() weighs four neighbours by the cubic kernel", () => {
  // a = −0.75 half way between two pixels: −3/32, 19/32, 19/32, −3/32
  const { starts, weights } = taps(4, 2, "cubic");
  assert.deepEqual([...starts], [-1, 1]);
  assert.deepEqual([...weights.subarray(0, 4)], [-192, 1216, 1216, -192]);
});

Deno.test("taps() begins at most two pixels outside", () => {
  for (const [source, target] of [[1, 9], [9, 1], [7, 8], [224, 331]]) {
    const { starts } = taps(source!, target!, "cubic");
    assert.ok(starts.every((start) => start >= -2 && start + 3 <= source! + 1));
  }
});

Deno.test("taps() keeps a table for the next time", () => {
  assert.equal(taps(11, 5, "cubic"), taps(11, 5, "cubic"));
  assert.notEqual(taps(11, 5, "cubic"), taps(11, 5, "linear"));
});

Deno.test("taps() forgets tables that were not used for long", () => {
  const first = taps(12, 5, "cubic");
  for (let source = 100; source < 300; source++) taps(source, 5, "cubic");
  assert.notEqual(taps(12, 5, "cubic"), first);
});
