import assert from "node:assert/strict";
import { Packing } from "../../../src/service/custom/packing.ts";
import { readAnswer } from "../../../src/service/custom/replies.ts";
import { bodyOf, jsonOf, loadCustom } from "./support/custom_model.ts";

Deno.test("Packing", async (t) => {
  await t.step("copies short arrays into one buffer", () => {
    const packing = new Packing();
    const array = Uint8Array.of(1, 2, 3);
    const places = [packing.add(array), packing.add(array)];
    array.fill(0);
    const { packed, transfer } = packing.take();
    assert.deepEqual(places, [[0, 3], [3, 6]]);
    assert.deepEqual(packed, Uint8Array.of(1, 2, 3, 1, 2, 3));
    assert.deepEqual(transfer, [packed.buffer]);
  });

  await t.step("begins anew after each message", () => {
    const packing = new Packing();
    packing.add(new Uint8Array(9));
    packing.take();
    assert.deepEqual(packing.add(Uint8Array.of(7)), [0, 1]);
    assert.deepEqual(packing.take().packed, Uint8Array.of(7));
    assert.deepEqual(packing.take().transfer, []);
  });

  await t.step("has room for as many as there are", () => {
    const packing = new Packing();
    const places = Array.from(
      { length: 9 },
      (_, i) => packing.add(new Uint8Array(1 << 16).fill(i)),
    );
    const { packed } = packing.take();
    assert.deepEqual(places.at(-1), [8 << 16, 9 << 16]);
    assert.ok(packed.subarray(8 << 16).every((it) => it === 8));
    assert.equal(packed.length, 9 << 16);
  });

  await t.step("hands long ones over as they are", () => {
    const packing = new Packing();
    const long = new Uint8Array((1 << 16) + 1);
    assert.equal(packing.add(long), long);
    assert.deepEqual(packing.take().transfer, [long.buffer]);
  });
});

Deno.test("a body is not read from outside of what was packed", () => {
  const packed = Uint8Array.of(1, 2, 3);
  const places = [[0, 4], [-1, 2], [2, 1], [0.5, 2], ["0", 1], [0], [NaN, 3]];
  for (const body of places) {
    assert.throws(() => readAnswer({ body }, packed), {
      code: "prediction_failed",
      message: /place of a body must be within the packed bytes/,
    });
  }
  const whole = readAnswer({ body: [0, 3] }, packed);
  assert.deepEqual(whole, { body: packed });
});

Deno.test("requests that cross together have buffers of their own", async () => {
  await using service = await loadCustom("service.js", {
    "service.js": `
export const handle = (data) => data.map((it) => {
  const before = it.text();
  it.bytes()[0] = 0x78;
  return [before, it.text(), it.bytes().buffer.byteLength, it.bytes() === it.bytes()];
});
`,
  });
  const settled = await service.predict(
    ["one", "three"].map((it) => bodyOf(it)),
  );
  const answers = settled.map((it) =>
    it.status === "fulfilled" ? jsonOf(it.value) : it.reason
  );
  assert.deepEqual(answers, [
    ["one", "xne", 3, true],
    ["three", "xhree", 5, true],
  ]);
});
