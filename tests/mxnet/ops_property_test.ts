import assert from "node:assert/strict";
import { NUMPY_NAMES } from "../../src/mxnet/ops/numpy/numpy_names.ts";
import { findOperator, OPERATOR_FAMILIES } from "../../src/mxnet/ops/table.ts";
import { assertClose } from "../support/close.ts";
import type { Sampler } from "./naive/sample.ts";
import { SAMPLERS } from "./naive/samplers.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { randomFrom, testSeed } from "./support/random.ts";
import { runSample } from "./support/run_sample.ts";

const SAMPLES = Number(Deno.env.get("MMS_TEST_SAMPLES") ?? 8);

Deno.test("every operator of the table does what a naive evaluator does", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const { title, operators } of OPERATOR_FAMILIES) {
    await t.step(title, async () => {
      for (const name of Object.keys(operators)) {
        const sampler = SAMPLERS[name];
        assert.ok(sampler, `${name} has a naive evaluator`);
        for (let i = 0; i < SAMPLES; i++) {
          await check(name, sampler, { seed: testSeed() + i, folder });
        }
      }
    });
  }
  await Deno.remove(folder, { recursive: true });
});

async function check(
  name: string,
  sampler: Sampler,
  { seed, folder }: { readonly seed: number; readonly folder: string },
): Promise<void> {
  const sample = sampler(randomFrom(seed));
  const where = `${name}, MMS_TEST_SEED=${seed}: ${JSON.stringify(sample)}`;
  try {
    const outputs = await runSample(name, sample, folder);
    assert.ok(outputs.length >= sample.outputs.length, "number of outputs");
    for (const [i, expected] of sample.outputs.entries()) {
      assert.deepEqual([...outputs[i]!.shape], [...expected.shape], "shape");
      const tolerance = sample.tolerance ?? { atol: 1e-5, rtol: 1e-4 };
      assertClose(numbersOf(outputs[i]!), expected.data, tolerance);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${reason} (${where})`, { cause });
  }
}

Deno.test("every name that numpy mode gives an operator leads to one of the table", () => {
  for (const [name, classic] of Object.entries(NUMPY_NAMES)) {
    assert.equal(findOperator(name)?.name, classic, name);
  }
});
