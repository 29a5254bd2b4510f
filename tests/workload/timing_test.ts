import assert from "node:assert/strict";
import { BackOff } from "../../src/workload/pool/back_off.ts";
import { type Load, Pressure } from "../../src/workload/pool/pressure.ts";
import { Stopwatch } from "../../src/workload/queue/stopwatch.ts";
import { FakeClock } from "./support/fake_clock.ts";

Deno.test("BackOff.next()", async (t) => {
  await t.step("gives MMS's delays", () => {
    const backOff = new BackOff();
    assert.deepEqual(
      Array.from({ length: 19 }, () => backOff.next()),
      [
        1,
        1,
        2,
        3,
        5,
        8,
        13,
        21,
        34,
        55,
        89,
        144,
        233,
        377,
        610,
        987,
        1597,
        1597,
        1597,
      ],
    );
  });

  await t.step("starts again after reset()", () => {
    const backOff = new BackOff();
    for (let i = 0; i < 5; i++) backOff.next();
    backOff.reset();
    assert.deepEqual([backOff.next(), backOff.next(), backOff.next()], [
      1,
      1,
      2,
    ]);
  });
});

Deno.test("Stopwatch", async (t) => {
  await t.step(
    "tells when its time is over, counted from the last start",
    () => {
      const clock = new FakeClock();
      let expired = 0;
      using stopwatch = new Stopwatch(clock, 100, () => expired++);
      stopwatch.start();
      clock.advance(60);
      stopwatch.start();
      clock.advance(99);
      assert.equal(expired, 0);
      clock.advance(1);
      assert.equal(expired, 1);
    },
  );

  await t.step(
    "tells nothing once it is stopped, and goes on afterwards",
    () => {
      const clock = new FakeClock();
      let expired = 0;
      using stopwatch = new Stopwatch(clock, 100, () => expired++);
      stopwatch.start();
      stopwatch.stop();
      clock.advance(1000);
      assert.equal(expired, 0);
      stopwatch.start();
      clock.advance(100);
      assert.equal(expired, 1);
    },
  );

  await t.step("never ends without a limit", () => {
    const clock = new FakeClock();
    let expired = 0;
    using stopwatch = new Stopwatch(clock, 0, () => expired++);
    stopwatch.start();
    clock.advance(1e9);
    assert.equal(expired, 0);
  });

  await t.step("leaves no timer behind", () => {
    const clock = new FakeClock();
    {
      using stopwatch = new Stopwatch(clock, 100, () => {});
      stopwatch.start();
    }
    assert.deepEqual(clock.waits, []);
  });
});

Deno.test("Pressure.demandsMore()", async (t) => {
  const HIGH: Load = { workers: 2, maxWorkers: 4, loading: false, batches: 2 };

  await t.step("demands one when as many batches wait for a second", () => {
    const clock = new FakeClock();
    const pressure = new Pressure(clock);
    assert.equal(pressure.demandsMore(HIGH), false);
    clock.advance(999);
    assert.equal(pressure.demandsMore(HIGH), false);
    clock.advance(1);
    assert.equal(pressure.demandsMore(HIGH), true);
    assert.equal(pressure.demandsMore(HIGH), false);
  });

  for (
    const [why, load] of [
      ["the queue gets shorter meanwhile", { ...HIGH, batches: 1 }],
      ["one is on its way", { ...HIGH, loading: true }],
      ["there are as many as there may be", { ...HIGH, workers: 4 }],
    ] as const
  ) {
    await t.step(`demands none when ${why}`, () => {
      const clock = new FakeClock();
      const pressure = new Pressure(clock);
      pressure.demandsMore(HIGH);
      clock.advance(900);
      assert.equal(pressure.demandsMore(load), false);
      clock.advance(900);
      assert.equal(pressure.demandsMore(HIGH), false);
    });
  }
});
