import assert from "node:assert/strict";
import { BatchQueue } from "../../src/workload/queue/batch_queue.ts";
import { Job } from "../../src/workload/queue/job.ts";
import { noWorkerAvailable } from "../../src/workload/pool/refusals.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { inputsFor } from "./support/workload.ts";

interface Options {
  readonly batchSize?: number;
  readonly capacity?: number;
  readonly timeout?: number;
}

/** A queue of which jobs are known by the names they were pushed under. */
class Fixture {
  readonly clock = new FakeClock();
  readonly queue: BatchQueue;
  ready = 0;
  readonly #timeout: number;

  constructor({ batchSize = 1, capacity = 100, timeout = 0 }: Options = {}) {
    this.#timeout = timeout;
    this.queue = new BatchQueue({
      clock: this.clock,
      capacity,
      batchSize,
      maxBatchDelay: 100,
      full: noWorkerAvailable("test"),
      onReady: () => this.ready++,
    });
  }

  push(name: string, signal = new AbortController().signal): Job {
    const job = new Job(inputsFor(name, { type: "echo" }), signal, {
      clock: this.clock,
      timeout: this.#timeout,
      onGivenUp: (job) => this.queue.drop(job),
    });
    job.prediction.catch(() => {});
    this.queue.push(job);
    return job;
  }

  take(): readonly string[] | undefined {
    return this.queue.take()?.map(({ inputs }) => inputs.requestId);
  }
}

Deno.test("BatchQueue.take()", async (t) => {
  await t.step("gives jobs one by one, in order, without batching", () => {
    const f = new Fixture();
    f.push("a");
    f.push("b");
    assert.deepEqual([f.take(), f.take(), f.take()], [["a"], ["b"], undefined]);
  });

  await t.step("gives a full batch at once", () => {
    const f = new Fixture({ batchSize: 2 });
    for (const name of ["a", "b", "c"]) f.push(name);
    assert.deepEqual([f.take(), f.take()], [["a", "b"], undefined]);
  });

  await t.step("gives a partial batch after its delay, in total", () => {
    const f = new Fixture({ batchSize: 3 });
    f.push("a");
    assert.equal(f.take(), undefined);
    f.clock.advance(60);
    f.push("b");
    assert.equal(f.take(), undefined);
    f.clock.advance(39);
    assert.deepEqual([f.ready, f.take()], [0, undefined]);
    f.clock.advance(1);
    assert.deepEqual([f.ready, f.take(), f.take()], [1, ["a", "b"], undefined]);
    assert.deepEqual(f.clock.waits, []);
  });

  await t.step(
    "makes nobody wait twice: not after waiting for a worker",
    () => {
      const f = new Fixture({ batchSize: 3 });
      f.push("a");
      f.clock.advance(500);
      assert.deepEqual(f.take(), ["a"]);
    },
  );

  await t.step("never gives an empty batch when all callers have gone", () => {
    const f = new Fixture({ batchSize: 3 });
    const gone = new AbortController();
    f.push("a", gone.signal);
    assert.equal(f.take(), undefined);
    gone.abort();
    assert.deepEqual(f.clock.waits, []);
    assert.equal(f.take(), undefined);
    f.clock.advance(1000);
    assert.deepEqual([f.ready, f.queue.length], [0, 0]);
  });

  await t.step("counts the delay anew for who came after one that left", () => {
    const f = new Fixture({ batchSize: 3 });
    const gone = new AbortController();
    f.push("a", gone.signal);
    f.take();
    f.clock.advance(90);
    f.push("b");
    gone.abort();
    f.clock.advance(10);
    assert.equal(f.take(), undefined);
    f.clock.advance(90);
    assert.deepEqual(f.take(), ["b"]);
  });

  await t.step("gives no job to two takers", () => {
    const f = new Fixture({ batchSize: 4 });
    for (let i = 0; i < 10; i++) f.push(String(i));
    f.clock.advance(100);
    const taken = [f.take(), f.take(), f.take(), f.take()];
    assert.deepEqual(taken.map((batch) => batch?.length), [4, 4, 2, undefined]);
    assert.deepEqual(
      taken.flatMap((batch) => batch ?? []),
      Array.from({ length: 10 }, (_, i) => String(i)),
    );
  });

  await t.step("gives what is left at once after close()", () => {
    const f = new Fixture({ batchSize: 4 });
    f.push("a");
    f.take();
    f.queue.close();
    assert.deepEqual([f.take(), f.clock.waits], [["a"], []]);
  });
});

Deno.test("BatchQueue.push()", async (t) => {
  await t.step("refuses what there is no room for, in MMS's words", () => {
    const f = new Fixture({ capacity: 2 });
    f.push("a");
    f.push("b");
    assert.throws(() => f.push("c"), {
      code: "service_unavailable",
      message:
        "No worker is available to serve request for model: test. Consider increasing job queue size.",
    });
    f.queue.take();
    f.push("d");
    assert.deepEqual([f.take(), f.take()], [["b"], ["d"]]);
  });

  await t.step("has room again when a caller leaves", () => {
    const f = new Fixture({ capacity: 1 });
    const gone = new AbortController();
    f.push("a", gone.signal);
    gone.abort();
    f.push("b");
    assert.deepEqual(f.take(), ["b"]);
  });
});

Deno.test("BatchQueue.putBack()", async (t) => {
  await t.step("puts jobs before all others, in their order, apart", () => {
    const f = new Fixture({ batchSize: 2 });
    for (const name of ["a", "b", "c"]) f.push(name);
    f.push("d");
    const [first, second] = [f.queue.take()!, f.queue.take()!];
    f.push("e");
    f.queue.putBack(second);
    f.queue.putBack(first);
    f.queue.close();
    assert.ok(f.queue.isSuspect);
    assert.deepEqual([f.take(), f.take(), f.take()], [["a", "b"], ["c", "d"], [
      "e",
    ]]);
  });

  await t.step("forgets those whose callers have gone meanwhile", async () => {
    const f = new Fixture();
    const gone = new AbortController();
    const job = f.push("a", gone.signal);
    const batch = f.queue.take()!;
    gone.abort();
    f.queue.putBack(batch);
    assert.equal(f.take(), undefined);
    await assert.rejects(job.prediction, { code: "aborted" });
  });
});

Deno.test("BatchQueue.rejectAll()", async (t) => {
  await t.step("tells everybody who waits", async () => {
    const f = new Fixture({ batchSize: 2 });
    const jobs = [f.push("a"), f.push("b"), f.push("c")];
    f.queue.putBack(f.queue.take()!);
    f.queue.take();
    f.queue.putBack([jobs[0]!]);
    f.queue.rejectAll(noWorkerAvailable("test"));
    for (const job of [jobs[0]!, jobs[2]!]) {
      await assert.rejects(job.prediction, { code: "service_unavailable" });
    }
    assert.deepEqual([f.queue.length, f.clock.waits], [0, []]);
  });
});

Deno.test("Job", async (t) => {
  await t.step("is given up when it has taken too long", async () => {
    const f = new Fixture({ timeout: 50 });
    const job = f.push("a");
    f.clock.advance(49);
    assert.equal(f.queue.length, 1);
    f.clock.advance(1);
    assert.equal(f.queue.length, 0);
    await assert.rejects(job.prediction, {
      code: "prediction_timeout",
      message: "Prediction timed out",
    });
  });

  await t.step("is answered once", async () => {
    const f = new Fixture({ timeout: 50 });
    const gone = new AbortController();
    const job = f.push("a", gone.signal);
    f.queue.take();
    job.answer({
      status: 200,
      reason: "",
      headers: {},
      contentType: "",
      body: new Uint8Array(),
    });
    job.answer(noWorkerAvailable("test"));
    gone.abort();
    f.clock.advance(100);
    assert.equal((await job.prediction).status, 200);
    assert.deepEqual(f.clock.waits, []);
  });
});
