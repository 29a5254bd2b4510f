import assert from "node:assert/strict";
import type { DataType } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";
import type { NaiveArray } from "./naive/array.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { runSample } from "./support/run_sample.ts";

/** An array as it was recorded: what JSON has no number for is a text. */
interface RecordedArray {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
  readonly type?: DataType;
}

/** What MXNet 1.9.1 gave for one use of an operator. */
interface RecordedCase {
  readonly operator: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inputs: readonly RecordedArray[];
  readonly outputs: readonly RecordedArray[];
}

function arrayOf({ data, ...facts }: RecordedArray): NaiveArray {
  return { ...facts, data: data.map(Number) };
}

async function check(recorded: RecordedCase, folder: string): Promise<void> {
  const expected = recorded.outputs.map(arrayOf);
  const outputs = await runSample(recorded.operator, {
    attributes: recorded.attributes,
    inputs: recorded.inputs.map(arrayOf),
    outputs: expected,
  }, folder);
  for (const [i, { shape, type = "float32", data }] of expected.entries()) {
    const output = outputs[i]!;
    assert.equal(output.type, type, `type of output ${i}`);
    assert.deepEqual([...output.shape], [...shape], `shape of output ${i}`);
    assertClose(numbersOf(output), data, { atol: 2e-5, rtol: 2e-4 });
  }
}

Deno.test("operators give what MXNet 1.9.1 was recorded to give", async (t) => {
  const path = new URL("./recorded/cases.jsonl", import.meta.url);
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  const cases = lines.map((line) => JSON.parse(line) as RecordedCase);
  const folder = await Deno.makeTempDir();
  for (const operator of new Set(cases.map((recorded) => recorded.operator))) {
    await t.step(operator, async () => {
      for (const recorded of cases) {
        if (recorded.operator === operator) await check(recorded, folder);
      }
    });
  }
  await Deno.remove(folder, { recursive: true });
});
