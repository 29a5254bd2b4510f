import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import { BackOff } from "../../src/workload/pool/back_off.ts";

Deno.test("BackOff waits as MMS", () => {
  const backOff = new BackOff();
  const delays = Array.from({ length: 18 }, () => backOff.next());
  assert.deepEqual(delays.slice(0, 7), [1, 1, 2, 3, 5, 8, 13]);
  assert.deepEqual(delays.slice(-2), [1597, 1597]);
  backOff.reset();
  assert.equal(backOff.next(), 1);
});

Deno.test("BackOff waits a minute or more where the model's files are wrong", () => {
  for (const code of ["invalid_archive", "invalid_model"] as const) {
    const backOff = new BackOff();
    const failure = new MmsError(code, "Cannot load it");
    const delays = Array.from({ length: 12 }, () => backOff.next(failure));
    assert.deepEqual(delays.slice(0, 10), Array(10).fill(60));
    assert.deepEqual(delays.slice(10), [89, 144]);
  }
  const passing = new MmsError("out_of_memory", "Cannot load it");
  assert.equal(new BackOff().next(passing), 1);
});
