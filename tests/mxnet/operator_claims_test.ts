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

const DRAWS = 20_000;

/** Returns the mean and the variance of numbers. */
function momentsOf(numbers: readonly number[]): readonly [number, number] {
  const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const squares = numbers.map((n) => (n - mean) ** 2);
  return [mean, squares.reduce((sum, n) => sum + n, 0) / numbers.length];
}

Deno.test("random numbers have the mean and the variance of their distribution", async (t) => {
  const cases = [
    ["_random_uniform", { low: -1, high: 3 }, [1, 16 / 12]],
    ["_random_normal", { loc: 2, scale: 3 }, [2, 9]],
    ["_random_exponential", { lam: 2 }, [0.5, 0.25]],
    ["_random_gamma", { alpha: 3, beta: 2 }, [6, 12]],
    ["_random_gamma", { alpha: 0.5, beta: 1 }, [0.5, 0.5]],
    ["_random_poisson", { lam: 4 }, [4, 4]],
    ["_random_poisson", { lam: 60 }, [60, 60]],
    ["_random_negative_binomial", { k: 3, p: 0.4 }, [4.5, 11.25]],
    [
      "_random_generalized_negative_binomial",
      { mu: 3, alpha: 0.5 },
      [3, 7.5],
    ],
    ["_npi_gumbel", { loc: 1, scale: 2 }, [1 + 2 * 0.5772, 6.58]],
    ["_npi_logistic", { loc: 1, scale: 1 }, [1, 3.29]],
    ["_npi_pareto", { a: 5 }, [0.25, 5 / 48]],
    ["_npi_rayleigh", { scale: 2 }, [2.507, 1.717]],
    ["_npi_weibull", { a: 2 }, [0.886, 0.2146]],
    ["_npi_powerd", { a: 3 }, [0.75, 0.0375]],
    ["_npi_exponential", { scale: 2 }, [2, 4]],
    ["_npi_gamma", { shape: 2, scale: 1.5 }, [3, 4.5]],
    ["_random_randint", { low: -1, high: 3 }, [0.5, 1.25]],
  ] as const;
  for (const [operator, attributes, expected] of cases) {
    const sizeName = operator.startsWith("_npi") ? "size" : "shape";
    await t.step(`${operator} ${JSON.stringify(attributes)}`, async () => {
      const [numbers] = await outputsOf(operator, {
        attributes: { [sizeName]: [DRAWS], ...attributes },
        inputs: [],
      });
      const wide = { atol: 0.1, rtol: 0.1 };
      assertClose(momentsOf(numbers!), expected, wide);
    });
  }
});

Deno.test("a shuffle keeps every row, and seldom its place", async () => {
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const [shuffled] = await outputsOf("_shuffle", {
    inputs: [array([200], ...rows)],
  });
  assert.notDeepEqual(shuffled, rows);
  assert.deepEqual(shuffled!.toSorted((a, b) => a - b), rows);
});

Deno.test("NaN has no place of its own in an order, but no element is lost", async () => {
  const [places] = await outputsOf("argsort", {
    inputs: [array([4], 3, NaN, 1, 2)],
  });
  assert.deepEqual(places!.toSorted(), [0, 1, 2, 3]);
});
