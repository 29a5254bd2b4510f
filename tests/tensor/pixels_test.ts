import assert from "node:assert/strict";
import { toGrey, toPlanes } from "../../src/tensor/mod.ts";
import { fromRgb, toRgb } from "./support/pictures.ts";

Deno.test("toPlanes() takes the channels apart", () => {
  const planes = toPlanes(fromRgb([1, 2, 3, 4, 5, 6], 2));
  assert.deepEqual(planes, {
    width: 2,
    height: 1,
    data: Float32Array.of(1, 4, 2, 5, 3, 6),
  });
});

Deno.test("toGrey() weighs colours as OpenCV does", () => {
  // cv2.cvtColor(…, COLOR_RGB2GRAY) of OpenCV 5.0
  const rgb = [255, 0, 0, 0, 255, 0, 0, 0, 255, 12, 200, 77];
  const grey = [76, 150, 29, 130].flatMap((value) => [value, value, value]);
  assert.deepEqual([...toRgb(toGrey(fromRgb(rgb, 4)))], grey);
});

Deno.test("toGrey() leaves every grey as it is", () => {
  const greys = Array.from({ length: 256 }, (_, v) => [v, v, v]).flat();
  assert.deepEqual([...toRgb(toGrey(fromRgb(greys, 16)))], greys);
});
