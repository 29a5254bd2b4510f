import assert from "node:assert/strict";
import {
  ask,
  countOf,
  inputsFor,
  registerReady,
  scriptedRegistry,
  textOf,
} from "./support/workload.ts";

Deno.test("512 callers at a queue of 100", async (t) => {
  await using registry = scriptedRegistry({ defaults: { queueSize: 100 } });
  const model = await registerReady(registry, { minWorkers: 2 });

  await t.step(
    "are all told at once or served, none twice or wrongly",
    async () => {
      const started = performance.now();
      let refused = 0;
      let lastRefusal = 0;
      const served = await Promise.all(
        Array.from({ length: 512 }, async (_, i) => {
          try {
            const told = textOf(
              await ask(model, `r${i}`, { type: "compute", ms: 3 }),
            );
            assert.equal(told, `r${i} done`);
            return 1;
          } catch (error) {
            assert.equal(
              (error as { code?: string }).code,
              "service_unavailable",
            );
            refused++;
            lastRefusal = performance.now() - started;
            return 0;
          }
        }),
      );
      const count = served.reduce<number>((sum, one) => sum + one, 0);
      assert.equal(count + refused, 512);
      // The queue, and what the workers have in hand.
      assert.ok(count >= 100 && count <= 110, `${count} were served`);
      assert.ok(lastRefusal < 5000, `refused after ${lastRefusal} ms`);
    },
  );

  await t.step("leave room for the next one at once", async () => {
    const started = performance.now();
    assert.equal(textOf(await ask(model, "next")), "next done");
    assert.ok(performance.now() - started < 5000);
  });

  await t.step("cost nothing once they have left", async () => {
    const model = await registerReady(registry, { name: "alone" });
    const before = countOf(await ask(model, "before"));
    const leaving = new AbortController();
    const gone = Array.from(
      { length: 512 },
      (_, i) =>
        assert.rejects(model.predict(
          inputsFor(`g${i}`, { type: "compute", ms: 3 }),
          leaving.signal,
        )),
    );
    leaving.abort();
    await Promise.all(gone);
    assert.equal(model.queueLength, 0);
    const after = countOf(await ask(model, "after"));
    // What it had in hand when they left, and the last.
    assert.ok(after - before <= 17, `${after - before} were computed`);
  });
});
