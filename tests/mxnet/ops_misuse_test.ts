import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import { convertCheckpoint } from "../../src/mxnet/mod.ts";
import { OPERATOR_FAMILIES } from "../../src/mxnet/ops/table.ts";
import type { Sample } from "./naive/sample.ts";
import { SAMPLERS } from "./naive/samplers.ts";
import { memorySink, sourceOf } from "./support/memory.ts";
import { type Random, randomFrom, testSeed } from "./support/random.ts";
import { NO_PARAMS } from "./support/run_checkpoint.ts";
import { symbolOf } from "./support/run_sample.ts";

const ATTEMPTS = 6;

/** Returns a shape with an axis more, an axis less, or another extent. */
function bent(shape: readonly number[], random: Random): readonly number[] {
  const axis = random.int(0, Math.max(0, shape.length - 1));
  switch (random.int(0, 3)) {
    case 0:
      return shape.toSpliced(axis, 1);
    case 1:
      return shape.toSpliced(axis, 0, random.int(1, 3));
    case 2:
      return shape.with(axis, random.int(1, 5));
    default:
      return shape;
  }
}

/** Converts an operator whose inputs may have shapes that it does not take. */
async function misuse(
  operator: string,
  sample: Sample,
  random: Random,
): Promise<void> {
  const kept = sample.inputs.slice(0, random.int(0, sample.inputs.length + 1));
  const inputs = kept.map(({ type = "float32", shape }, i) => ({
    name: `x${i}`,
    dataType: type,
    shape: shape.length === 0 ? shape : bent(shape, random),
  }));
  await convertCheckpoint({
    symbol: symbolOf(operator, { ...sample, inputs: kept }, 1),
    params: sourceOf(NO_PARAMS),
    paramsName: "model.params",
    inputs,
  }, memorySink());
}

Deno.test("an operator says what is wrong with the shapes and inputs it gets", async (t) => {
  for (const { title, operators } of OPERATOR_FAMILIES) {
    await t.step(title, async () => {
      for (const name of Object.keys(operators)) {
        for (let i = 0; i < ATTEMPTS; i++) {
          const random = randomFrom(testSeed() + i);
          const sample = SAMPLERS[name]!(random);
          try {
            await misuse(name, sample, random);
          } catch (error) {
            assert.ok(error instanceof Error);
            const where = `${name}, ${i}: ${error.stack}`;
            assert.ok(error instanceof MmsError, where);
            assert.equal(error.code, "invalid_model", where);
          }
        }
      }
    });
  }
});
