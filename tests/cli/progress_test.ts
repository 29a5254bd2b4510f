import assert from "node:assert/strict";
import {
  barOf,
  ProgressBar,
  progressLine,
} from "../../src/cli/terminal/progress.ts";
import { recorder } from "../support/recorder.ts";

Deno.test("progressLine()", async (t) => {
  await t.step("has name, bar, share and amount", () => {
    const progress = { what: "m.onnx", done: 2.5e6, total: 5e6 };
    assert.equal(
      progressLine(progress, 60),
      "m.onnx  ━━━━━━━━━━━━━━                50 %  2.5 MB of 5.0 MB",
    );
  });
  await t.step("has no bar where there is no room", () => {
    const progress = { what: "m.onnx", done: 999, total: 1e12 };
    assert.equal(progressLine(progress, 20), "m.onnx   0 %        ");
  });
  await t.step("has the amount where nobody knows the end", () => {
    const progress = { what: "m.onnx", done: 12_345, total: undefined };
    assert.equal(progressLine(progress, 20), "m.onnx  12.3 kB     ");
  });
  await t.step("is never wider than it may be", () => {
    for (const columns of [0, 1, 10, 40, 200]) {
      const progress = { what: "a name of some length", done: 1, total: 2 };
      assert.equal(progressLine(progress, columns).length, columns);
    }
  });
  await t.step("is full for a file of no bytes, and beyond the end", () => {
    for (const progress of [{ done: 0, total: 0 }, { done: 9, total: 3 }]) {
      assert.match(progressLine({ what: "a", ...progress }, 40), /100 %/);
    }
  });
});

Deno.test("barOf() fills its part", () => {
  assert.equal(barOf(0, 4), "    ");
  assert.equal(barOf(0.5, 4), "━━  ");
  assert.equal(barOf(1, 4), "━━━━");
});

Deno.test("ProgressBar", async (t) => {
  const progress = { what: "a", done: 1, total: 2 };
  function barAt(isTerminal: boolean) {
    const terminal = recorder({ isTerminal });
    let now = 0;
    const bar = new ProgressBar(terminal.err, { now: () => now });
    const updateAt = (ms: number) => {
      now = ms;
      bar.update(progress);
    };
    return { bar, updateAt, text: terminal.errText };
  }
  await t.step("says nothing of what is over within a second", () => {
    const { bar, updateAt, text } = barAt(true);
    updateAt(0);
    updateAt(999);
    bar[Symbol.dispose]();
    assert.equal(text(), "");
  });
  await t.step("shows what takes longer, and takes it away", () => {
    const { bar, updateAt, text } = barAt(true);
    updateAt(1000);
    assert.equal(text(), `\r${progressLine(progress, 79)}`);
    bar[Symbol.dispose]();
    assert.ok(text().endsWith("\r\x1b[K"));
  });
  await t.step("draws no more often than one can see", () => {
    const { updateAt, text } = barAt(true);
    for (let ms = 1000; ms < 1200; ms += 10) updateAt(ms);
    assert.equal(text().split("\r").length - 1, 2);
  });
  await t.step("says nothing where nobody looks", () => {
    const { bar, updateAt, text } = barAt(false);
    updateAt(5000);
    bar[Symbol.dispose]();
    assert.equal(text(), "");
  });
});
