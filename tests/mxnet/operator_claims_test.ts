import assert from "node:assert/strict";
import { assertClose } from "../support/close.ts";
import type { NaiveArray } from "./naive/array.ts";
import type { Sample } from "./naive/sample.ts";
import { numbersOf } from "./support/close_outputs.ts";
import { runSample } from "./support/run_sample.ts";

/** Returns the numbers of the outputs of one operator. */
async function outputsOf(
  operator: string,
  sample: Omit<Sample, "outputs">,
): Promise<readonly (readonly number[])[]> {
  const folder = await Deno.makeTempDir();
  try {
    const outputs = await runSample(
      operator,
      { ...sample, outputs: [] },
      folder,
    );
    return outputs.map((output) => [...numbersOf(output)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const array = (
  shape: readonly number[],
  ...data: readonly number[]
): NaiveArray => ({ shape, data });

Deno.test("a box of image −1 gives zeros in ROIPooling", async () => {
  const [pooled] = await outputsOf("ROIPooling", {
    attributes: { pooled_size: [1, 1], spatial_scale: 1 },
    inputs: [
      array([1, 1, 2, 2], 1, 2, 3, 4),
      array([2, 5], 0, 0, 0, 1, 1, -1, 0, 0, 1, 1),
    ],
  });
  assert.deepEqual(pooled, [4, 0]);
});

Deno.test("each cell of a position-sensitive ROIAlign has channels of its own", async () => {
  const [aligned] = await outputsOf("_contrib_ROIAlign", {
    attributes: {
      pooled_size: [1, 2],
      spatial_scale: 1,
      sample_ratio: 1,
      position_sensitive: true,
    },
    inputs: [
      array([1, 4, 1, 2], 1, 1, 2, 2, 3, 3, 4, 4),
      array([1, 5], 0, 0, 0, 1, 0),
    ],
  });
  assertClose(aligned!, [1, 2, 3, 4], { atol: 1e-6, rtol: 0 });
});
