import assert from "node:assert/strict";
import { MmsError, systemError } from "../src/errors.ts";

const REFUSALS: readonly (readonly [string, string])[] = [
  ["No space left on device (os error 28)", "No space left on device"],
  ["Permission denied (os error 13): open 'x.mar'", "Permission denied"],
  ["EACCES: permission denied, open 'x.mar'", "Permission denied"],
  ["EIO: i/o error, read", "I/o error"],
  [
    "Permission denied (os error 13): open 'x/y'",
    "Permission denied (os error 13): open 'x/y'",
  ],
  ["something else", "Something else"],
];

Deno.test("systemError() says what the system said, and of another file which", () => {
  for (const [message, reason] of REFUSALS) {
    const refusal = Object.assign(new Error(message), { code: "EX" });
    const error = systemError('Cannot read "x.mar"', refusal);
    assert.ok(error instanceof MmsError);
    assert.deepEqual(
      [error.code, error.message],
      ["io_failed", `Cannot read "x.mar": ${reason}`],
    );
  }
});

Deno.test("systemError() leaves alone what the system did not refuse", () => {
  for (const thrown of [new TypeError("no"), new MmsError("usage", "no"), 1]) {
    assert.equal(systemError("Cannot", thrown), thrown);
  }
});
