import assert from "node:assert/strict";
import { assertClose } from "../support/close.ts";
import { readLines } from "./support/recorded.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { floatBytes, writeParams } from "./support/params_writer.ts";
import { runCheckpoint } from "./support/run_checkpoint.ts";
import { tensorOf } from "./support/run_sample.ts";

interface RecordedFloats {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type Named = Readonly<Record<string, RecordedFloats>>;

/** A network, with what MXNet 1.9.1 gave for batches of 1, 2 and 5. */
interface RecordedNetwork {
  readonly name: string;
  readonly symbol: unknown;
  /** By the names that the file of parameters has. */
  readonly parameters: Named;
  readonly batches: readonly {
    readonly inputs: Named;
    readonly outputs: readonly RecordedFloats[];
  }[];
}

function mapped<T>(
  arrays: Named,
  formula: (array: RecordedFloats) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, formula(array)]),
  );
}

function checkpointOf({ symbol, parameters, batches }: RecordedNetwork) {
  const arrays = Object.entries(parameters).map(([name, { shape, data }]) => ({
    name,
    shape,
    bytes: floatBytes(...data),
  }));
  const inputs = Object.entries(batches[0]!.inputs).map((
    [name, { shape }],
  ) => ({ name, shape: [0, ...shape.slice(1)], dataType: "float32" as const }));
  return {
    symbol: JSON.stringify(symbol),
    params: writeParams(arrays),
    inputs,
  };
}

Deno.test("networks take any batch, and give what MXNet 1.9.1 was recorded to give", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const network of await readLines<RecordedNetwork>("batches")) {
    await t.step(network.name, async () => {
      const checkpoint = checkpointOf(network);
      for (const batch of network.batches) {
        const feeds = mapped(batch.inputs, tensorOf);
        const run = await runCheckpoint(checkpoint, feeds, folder);
        assert.equal(run.graph.batch, "free");
        for (const [i, { shape, data }] of batch.outputs.entries()) {
          assert.deepEqual([...run.outputs[i]!.shape], [...shape]);
          const numbers = numbersOf(run.outputs[i]!);
          assertClose(numbers, data, { atol: 1e-4, rtol: 1e-3 });
        }
      }
    });
  }
  await Deno.remove(folder, { recursive: true });
});
