import assert from "node:assert/strict";
import { layOut, type LayoutOptions, toPlanes } from "../../src/tensor/mod.ts";
import { fromRgb } from "./support/pictures.ts";

const PLAIN: LayoutOptions = {
  layout: "NCHW",
  channels: "RGB",
  crop: undefined,
  scale: [1],
  mean: [0],
  std: [1],
};

/** Two pixels: 1, 2, 3 and 4, 5, 6. */
const PAIR = toPlanes(fromRgb([1, 2, 3, 4, 5, 6], 2));

Deno.test("layOut() copies nothing where nothing is to be changed", () => {
  const { shape, data } = layOut(PAIR, PLAIN);
  assert.equal(data, PAIR.data);
  assert.deepEqual(shape, [1, 3, 1, 2]);
});

const ORDERS: readonly [Partial<LayoutOptions>, number[], number[]][] = [
  [{ channels: "BGR" }, [1, 3, 1, 2], [3, 6, 2, 5, 1, 4]],
  [{ channels: "GRAY" }, [1, 1, 1, 2], [1, 4]],
  [{ layout: "NHWC" }, [1, 1, 2, 3], [1, 2, 3, 4, 5, 6]],
  [
    { layout: "NHWC", channels: "BGR" },
    [1, 1, 2, 3],
    [3, 2, 1, 6, 5, 4],
  ],
  [{ layout: "NHWC", channels: "GRAY" }, [1, 1, 2, 1], [1, 4]],
];

for (const [change, shape, elements] of ORDERS) {
  Deno.test(`layOut() orders by ${JSON.stringify(change)}`, () => {
    const laid = layOut(PAIR, { ...PLAIN, ...change });
    assert.deepEqual(laid.shape, shape);
    assert.deepEqual([...laid.data], elements);
  });
}

Deno.test("layOut() scales, subtracts, divides, by channel", () => {
  const { data } = layOut(PAIR, {
    ...PLAIN,
    scale: [2],
    mean: [1, 2, 3],
    std: [1, 2, 4],
  });
  assert.deepEqual([...data], [1, 7, 1, 4, 0.75, 2.25]);
});

Deno.test("layOut() counts channels in the order of their axis", () => {
  const { data } = layOut(PAIR, { ...PLAIN, channels: "BGR", mean: [3, 2, 1] });
  assert.deepEqual([...data], [0, 3, 0, 3, 0, 3]);
});

Deno.test("layOut() rounds to float32 once", () => {
  const { data } = layOut(PAIR, {
    ...PLAIN,
    scale: [1 / 255],
    mean: [0.485],
    std: [0.229],
  });
  assert.equal(data[0], Math.fround((1 / 255 - 0.485) / 0.229));
});

Deno.test("layOut() cuts from the centre, an odd pixel off the far side", () => {
  const grey = Array.from({ length: 20 }, (_, i) => [i, i, i]).flat();
  const planes = toPlanes(fromRgb(grey, 5)); // 4 rows of 5
  const { shape, data } = layOut(planes, {
    ...PLAIN,
    channels: "GRAY",
    crop: [1, 2],
  });
  assert.deepEqual(shape, [1, 1, 1, 2]);
  assert.deepEqual([...data], [6, 7]);
});
