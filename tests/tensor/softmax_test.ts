import assert from "node:assert/strict";
import { softmax } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";

Deno.test("softmax() agrees with numpy in float64 to 1e-7", () => {
  // numpy: e = exp(x - x.max()); e / e.sum() of [1, 2, 3, -4.5]
  const expected = [
    0.0899974600112,
    0.2446384601559,
    0.6649962807839,
    0.0003677990491,
  ];
  assertClose(softmax([1, 2, 3, -4.5], 4), expected, { atol: 1e-7 });
});

Deno.test("softmax() does not overflow", () => {
  assert.deepEqual([...softmax([1000, 1000], 2)], [0.5, 0.5]);
  assert.deepEqual([...softmax([-1000, -1000], 2)], [0.5, 0.5]);
});

Deno.test("softmax() gives a probability of 0 to -Infinity", () => {
  assert.deepEqual([...softmax([0, -Infinity], 2)], [1, 0]);
});

Deno.test("softmax() treats each row by itself", () => {
  assert.deepEqual([...softmax([0, 0, 7, -Infinity], 2)], [0.5, 0.5, 1, 0]);
});

Deno.test("softmax() of a row with NaN is NaN, the others are not", () => {
  const result = softmax([NaN, 0, 3, 3], 2);
  assert.deepEqual([...result], [NaN, NaN, 0.5, 0.5]);
});

Deno.test("softmax() sums a million small terms without drifting", () => {
  const classes = 1_000_000;
  const [first] = softmax(new Float32Array(classes), classes);
  assert.equal(first, Math.fround(1 / classes));
});
