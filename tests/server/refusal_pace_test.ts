import assert from "node:assert/strict";
import { RefusalPace } from "../../src/server/exchange/refusal_pace.ts";

const NEVER = new AbortController().signal;

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

Deno.test("RefusalPace lets a few be refused at once", async () => {
  const pace = new RefusalPace();
  const waits = Array.from({ length: 50 }, () => pace.wait(NEVER));
  assert.ok(await elapsed(() => Promise.all(waits)) < 100);
});

Deno.test("RefusalPace slows down a flood, no longer than a second", async () => {
  const pace = new RefusalPace();
  const ms = await elapsed(() =>
    Promise.all(Array.from({ length: 1000 }, () => pace.wait(NEVER)))
  );
  assert.ok(ms > 900 && ms < 2500, `${ms} ms`);
});

Deno.test("RefusalPace does not keep callers who leave", async () => {
  const pace = new RefusalPace();
  const caller = new AbortController();
  const waits = Array.from({ length: 1000 }, () => pace.wait(caller.signal));
  caller.abort();
  assert.ok(await elapsed(() => Promise.all(waits)) < 500);
});
