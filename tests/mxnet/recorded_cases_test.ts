import assert from "node:assert/strict";
import type { DataType } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";
import type { NaiveArray } from "./naive/array.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { readLines } from "./support/recorded.ts";
import { runCheckpoint } from "./support/run_checkpoint.ts";
import { runSample, tensorOf } from "./support/run_sample.ts";

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
  const cases = await readLines<RecordedCase>("cases");
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

/** A graph, with what MXNet 1.9.1 gave for it. */
interface RecordedGraph {
  readonly name: string;
  readonly symbol: unknown;
  readonly inputs: Readonly<Record<string, RecordedArray>>;
  readonly outputs: readonly RecordedArray[];
  /** What `list_outputs` returned. */
  readonly names: readonly string[];
}

Deno.test("loops, branches and selections give what MXNet 1.9.1 was recorded to give", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const recorded of await readLines<RecordedGraph>("graphs")) {
    await t.step(recorded.name, async () => {
      const inputs = Object.entries(recorded.inputs);
      const { graph, outputs } = await runCheckpoint(
        {
          symbol: JSON.stringify(recorded.symbol),
          inputs: inputs.map(([name, { shape }]) => ({
            name,
            shape,
            dataType: "float32",
          })),
        },
        Object.fromEntries(
          inputs.map(([name, array]) => [name, tensorOf(arrayOf(array))]),
        ),
        folder,
      );
      const names = graph.outputs.map(({ name }) => name);
      assert.deepEqual(names, recorded.names);
      for (const [i, { shape, data }] of recorded.outputs.entries()) {
        assert.deepEqual([...outputs[i]!.shape], [...shape]);
        const numbers = numbersOf(outputs[i]!);
        assertClose(numbers, data.map(Number), { atol: 2e-5, rtol: 2e-4 });
      }
    });
  }
  await Deno.remove(folder, { recursive: true });
});
