import assert from "node:assert/strict";
import { closeLogs, configureLog } from "../../src/log.ts";
import { DEFAULT_LIMITS } from "../../src/workload/limits.ts";
import { Worker } from "../../src/workload/pool/worker.ts";
import { FakeClock } from "./support/fake_clock.ts";
import {
  ask,
  emptyArchive,
  registerReady,
  scriptedLaunch,
  scriptedRegistry,
  until,
} from "./support/workload.ts";

/** What is logged while something runs. */
async function logged(
  run: (said: () => string) => Promise<void>,
): Promise<string> {
  let text = "";
  await configureLog({
    console: { color: false, write: (lines) => text += lines },
  });
  try {
    await run(() => text);
  } finally {
    await closeLogs();
  }
  return text;
}

/** How a model fails to load, and the delays in s: as MMS, but for files that are wrong. */
const RETRIES: readonly (readonly [string, ...number[]])[] = [
  ["fail", 1, 1, 2, 3, 5, 8],
  ["refuse", 60, 60],
];

Deno.test("Worker", async (t) => {
  for (const [handler, ...delays] of RETRIES) {
    await t.step(
      `tries to load again after ${
        delays.join(", ")
      } s where its model says ${handler}`,
      async () => {
        const clock = new FakeClock();
        const archive = emptyArchive();
        let failures = 0;
        const lines = await logged(async () => {
          const worker = new Worker({
            ...DEFAULT_LIMITS,
            id: "9000-0123abcd",
            clock,
            archive,
            launch: () =>
              scriptedLaunch({
                archive,
                handler,
                service: "auto",
                runtime: "python",
                threads: 1,
                mayRunCode: true,
              }),
            logName: "W-test-1",
            maxReplyBytes: 1000,
            load: {
              name: "test",
              handler,
              runtime: "python",
              threads: 1,
              batchSize: 1,
              maxResponseBytes: 1000,
            },
            onChange: () => failures++,
            onClosed: () => {},
            onFree: () => {},
            onService: () => {},
            metrics: undefined,
            metricName: "W-9000-test",
          });
          for (const [i, seconds] of delays.slice(0, -1).entries()) {
            await until(
              `failure ${i}`,
              () => clock.waits[0] === seconds * 1000,
            );
            assert.deepEqual(
              [failures, worker.status, worker.reason?.message],
              [i + 1, "FAILED", "Cannot load it: it is a test"],
            );
            clock.advance(seconds * 1000);
          }
          await until("the last failure", () => failures === delays.length);
          worker.stop();
          await worker.ended;
        });
        assert.deepEqual(
          lines.match(/Retry worker: 9000-0123abcd in \d+ seconds\./g)
            ?.map((line) => Number(/in (\d+)/.exec(line)![1])),
          delays,
        );
        assert.deepEqual(clock.waits, []);
        const errors = lines.match(/\[ERROR\] .*Cannot load it: it is a test/g);
        assert.equal(errors?.length, 1, "the reason is told once");
      },
    );
  }

  await t.step("has its output logged under its name", async () => {
    const lines = await logged(async () => {
      await using registry = scriptedRegistry();
      const model = await registerReady(registry, {
        name: "a_name_of_more_than_25_characters",
      });
      const text = "[METRICS]one {x}\ntwo\n";
      await ask(model, "r1", { type: "print", text });
      await ask(model, "r2", { type: "fail", message: "the reason" })
        .catch(() => {});
      await registry.close(1000);
    });
    const name = "W-a_name_of_more_than_25_ch-1";
    assert.match(lines, new RegExp(`INFO.*${name}-stdout.*one {x}$`, "m"));
    assert.match(lines, new RegExp(`INFO.*${name}-stdout.*two$`, "m"));
    assert.match(lines, new RegExp(`WARN.*${name}-stderr.*the reason$`, "m"));
  });

  await t.step("does not die of what it has said before", async () => {
    const lines = await logged(async (said) => {
      await using registry = scriptedRegistry();
      const model = await registerReady(registry, { name: "m" });
      await ask(model, "r1", { type: "fail", message: "an old reason" })
        .catch(() => {});
      await until("its words", () => /an old reason\n.* at /.test(said()));
      await ask(model, "r2", { type: "exit" }).catch(() => {});
      await until("its end", () => said().includes(" died: "));
      await registry.close(1000);
    });
    assert.match(lines, /Worker \S+ died: it ended with code \d+$/m);
  });

  await t.step("says which limit it was ended for", async () => {
    const lines = await logged(async (said) => {
      await using registry = scriptedRegistry();
      const model = await registerReady(registry, {
        name: "m",
        responseTimeout: 300,
      });
      await ask(model, "r1", { type: "hang" }).catch(() => {});
      await until("its end", () => said().includes(" died: "));
      await registry.close(1000);
    });
    assert.match(
      lines,
      /Worker \S+ died: it was ended: Prediction timed out$/m,
    );
  });
});
