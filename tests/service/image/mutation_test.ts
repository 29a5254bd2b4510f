import assert from "node:assert/strict";
import { MmsError } from "../../../src/errors.ts";
import { decodeImage } from "../../../src/service/image/decode_image.ts";
import { SAMPLES } from "./support/samples.ts";

const ROUNDS = 60;
const MAX_MS = 5000;

/** Numbers from 0 to 1, the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Changes a few bytes, most of them near the beginning. */
function mutate(file: Uint8Array, random: Iterator<number>): Uint8Array {
  const next = (): number => random.next().value;
  const mutated = file.slice();
  const reach = next() < 0.7 ? Math.min(file.length, 60) : file.length;
  for (let left = 1 + Math.floor(next() * 5); left > 0; left--) {
    const kind = next();
    mutated[Math.floor(next() * reach)] = kind < 0.3
      ? 0xff
      : kind < 0.5
      ? 0
      : Math.floor(next() * 256);
  }
  return mutated;
}

for (const [index, [kind, { file }]] of Object.entries(SAMPLES).entries()) {
  Deno.test(`decodeImage() decodes or refuses any ${kind} with wrong bytes`, async () => {
    const random = numbers(index + 1);
    for (let round = 0; round < ROUNDS; round++) {
      const mutated = mutate(file, random);
      const started = performance.now();
      const decoded = await decodeImage(mutated).catch((error) => {
        assert.ok(error instanceof MmsError, String(error));
        assert.equal(error.code, "bad_request");
      });
      const ms = performance.now() - started;
      assert.ok(ms < MAX_MS, `${mutated.toHex()} takes ${ms} ms`);
      if (decoded === undefined) continue;
      const { width, height, data } = decoded;
      assert.equal(data.length, 3 * width * height);
    }
  });
}
