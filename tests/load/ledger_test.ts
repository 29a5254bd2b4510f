import assert from "node:assert/strict";
import { Ledger } from "./support/ledger.ts";

const OK = { status: 200, text: "right" };

function ledgerOf(...ids: readonly string[]): Ledger {
  const ledger = new Ledger();
  for (const id of ids) ledger.expect(id, "right");
  return ledger;
}

Deno.test("Ledger.settle()", async (t) => {
  await t.step("passes what was answered once and rightly", () => {
    const ledger = ledgerOf("a", "b");
    ledger.note("a", OK);
    ledger.note("b", OK);
    assert.deepEqual(ledger.settle(), { 200: 2 });
    assert.equal(ledger.answered, 2);
  });

  await t.step("catches a missing answer", () => {
    const ledger = ledgerOf("a", "b");
    ledger.note("a", OK);
    assert.deepEqual(ledger.balance().missing, ["b"]);
    assert.throws(() => ledger.settle(), { code: "ERR_ASSERTION" });
  });

  await t.step("catches a wrong answer", () => {
    const ledger = ledgerOf("a");
    ledger.note("a", { status: 200, text: "another's" });
    assert.deepEqual(ledger.balance().wrong, ["a"]);
    assert.throws(() => ledger.settle(), { code: "ERR_ASSERTION" });
  });

  await t.step("catches a double answer", () => {
    const ledger = ledgerOf("a");
    ledger.note("a", OK);
    ledger.note("a", OK);
    assert.deepEqual(ledger.balance().double, ["a"]);
    assert.throws(() => ledger.settle(), { code: "ERR_ASSERTION" });
  });

  await t.step("catches an answer that nobody asked for", () => {
    const ledger = ledgerOf();
    ledger.note("a", OK);
    assert.deepEqual(ledger.balance().double, ["a"]);
    assert.throws(() => ledger.settle(), { code: "ERR_ASSERTION" });
  });

  await t.step("catches more failures than are excused", () => {
    const ledger = ledgerOf("a", "b");
    ledger.note("a", { status: 503, text: "full" });
    ledger.note("b", { status: 503, text: "full" });
    assert.throws(() => ledger.settle({ 503: 1 }), { code: "ERR_ASSERTION" });
    assert.deepEqual(ledger.settle({ 503: 2 }), { 503: 2 });
  });

  await t.step("misses nobody who left", () => {
    const ledger = ledgerOf("a");
    ledger.leave("a");
    assert.deepEqual(ledger.settle(), {});
  });

  await t.step("takes each of several right answers", () => {
    const ledger = new Ledger();
    ledger.expect("a", "old", "new");
    ledger.note("a", { status: 200, text: "new" });
    assert.deepEqual(ledger.settle(), { 200: 1 });
  });
});

Deno.test("Ledger.expect() takes an id once", () => {
  const ledger = ledgerOf("a");
  assert.throws(() => ledger.expect("a", "right"), { code: "ERR_ASSERTION" });
});
