import assert from "node:assert/strict";
import { InFlight } from "../../src/workload/queue/in_flight.ts";

/** Adds batches as long as there is room, and returns how many that were. */
function fill(inFlight: InFlight): number {
  let count = 0;
  for (; inFlight.room > 0; count++) inFlight.add([], 0);
  inFlight.endGroup();
  return count;
}

/** Has a worker answer what it has in hand, each batch after so many ms. */
function answer(inFlight: InFlight, count: number, ms: number): void {
  for (let i = 0; i < count; i++) {
    inFlight.finishFirst();
    inFlight.record(ms);
  }
}

/** After enough batches of `ms` that the mean is `ms`. */
function settled(ms: number): InFlight {
  const inFlight = new InFlight();
  for (let i = 0; i < 100; i++) {
    inFlight.add([], 0);
    answer(inFlight, 1, ms);
  }
  inFlight.endGroup();
  return inFlight;
}

Deno.test("InFlight.room", async (t) => {
  await t.step("is for one and the next, before anything is known", () => {
    const inFlight = new InFlight();
    assert.deepEqual([fill(inFlight), fill(inFlight)], [1, 1]);
    assert.equal(inFlight.room, 0);
  });

  await t.step("is for one and the next of slow batches", () => {
    const inFlight = settled(20);
    assert.deepEqual([fill(inFlight), fill(inFlight), fill(inFlight)], [
      1,
      1,
      0,
    ]);
    answer(inFlight, 1, 20);
    assert.equal(fill(inFlight), 1);
  });

  await t.step("is for sixteen quick batches, and not one more", () => {
    const inFlight = settled(0.01);
    assert.deepEqual([fill(inFlight), fill(inFlight)], [16, 0]);
    answer(inFlight, 15, 0.01);
    assert.equal(inFlight.room, 0);
    answer(inFlight, 1, 0.01);
    assert.equal(inFlight.room, 16);
  });

  await t.step(
    "is for as many as take a millisecond, and as many early",
    () => {
      const inFlight = settled(0.3);
      assert.deepEqual([fill(inFlight), fill(inFlight), fill(inFlight)], [
        3,
        3,
        0,
      ]);
      answer(inFlight, 3, 0.3);
      assert.equal(inFlight.room, 3);
    },
  );

  await t.step("follows the service when it gets slower", () => {
    const inFlight = settled(0.01);
    for (let i = 0; i < 30; i++) {
      inFlight.add([], 0);
      answer(inFlight, 1, 5);
    }
    inFlight.endGroup();
    assert.equal(inFlight.room, 1);
  });
});

Deno.test("InFlight", async (t) => {
  await t.step("knows whose turn it is", () => {
    const inFlight = new InFlight();
    const ids = [inFlight.add([], 0), inFlight.add([], 0)].map(({ id }) => id);
    assert.equal(inFlight.first?.id, ids[0]);
    inFlight.finishFirst();
    assert.equal(inFlight.first?.id, ids[1]);
    assert.deepEqual(inFlight.clear().map(({ id }) => id), [ids[1]]);
    assert.deepEqual([inFlight.size, inFlight.first], [0, undefined]);
  });

  await t.step("has slow batches answered promptly, and quick ones not", () => {
    assert.deepEqual(
      [20, 0.6, 0.5, 0.01].map((ms) => settled(ms).add([], 0).isPrompt),
      [true, true, false, false],
    );
  });

  await t.step("takes nothing beside a batch that is to be alone", () => {
    const inFlight = settled(0.01);
    inFlight.add([], 0);
    inFlight.isolate();
    inFlight.endGroup();
    assert.equal(inFlight.room, 0);
    answer(inFlight, 1, 0.01);
    assert.equal(inFlight.room, 16);
  });

  await t.step("is not shut by a batch that was taken back", () => {
    const inFlight = new InFlight();
    inFlight.add([], 0);
    inFlight.takeBack();
    inFlight.isolate();
    assert.equal(inFlight.room, 1);
  });
});
