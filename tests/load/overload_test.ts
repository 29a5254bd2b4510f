import assert from "node:assert/strict";
import { Caller, type CallerOptions, eventually } from "./support/caller.ts";
import { Ledger, type Reply } from "./support/ledger.ts";
import {
  linuxTest,
  type LoadServer,
  startLoadServer,
} from "./support/load_server.ts";
import { newQuestion, SIDE } from "./support/work_model.ts";

/** Requests that have left the queue for a worker. */
const HANDED = "mms_queue_wait_seconds_count";

function options(server: LoadServer, ledger: Ledger): CallerOptions {
  return { address: server.inference, model: "work", ledger };
}

/** Has so many callers ask at the same time, each so often. */
async function flood(
  callers: readonly Caller[],
  { times, side }: { readonly times: number; readonly side: number },
): Promise<readonly (Reply | undefined)[]> {
  const replies = await Promise.all(callers.map(async (caller) => {
    const own: (Reply | undefined)[] = [];
    for (let i = 0; i < times; i++) {
      own.push(await caller.ask(newQuestion(side)));
    }
    return own;
  }));
  return replies.flat();
}

/** Sends a request that keeps the only worker busy, and waits until it has it. */
async function occupy(
  server: LoadServer,
  caller: Caller,
  side: number,
): Promise<{ readonly reply: Promise<Reply | undefined> }> {
  const handed = await server.metric(HANDED);
  const reply = caller.ask(newQuestion(side));
  await eventually(
    "a worker has it",
    async () => await server.metric(HANDED) > handed,
  );
  return { reply };
}

linuxTest(
  "512 callers at a queue of 100 are served or refused, and the next one is served",
  async (t) => {
    await using server = await startLoadServer(
      ["--workers", "2", "--job-queue-size", "100"],
    );
    const ledger = new Ledger();
    const callers = Array.from(
      { length: 512 },
      () => new Caller(options(server, ledger)),
    );
    using stack = new DisposableStack();
    for (const caller of callers) stack.use(caller);

    await t.step("each as it should be, none twice", async () => {
      const replies = await flood(callers, { times: 3, side: SIDE.busy });
      const statuses = ledger.settle({ 503: Infinity });
      assert.ok(statuses[200]! >= 100, `${statuses[200]} were served`);
      assert.ok(statuses[503]! > 0, "none was refused");
      const refused = replies.find((reply) => reply?.status === 503);
      assert.match(
        refused!.text,
        /No worker is available to serve request for model: work\. Consider increasing job queue size\./,
      );
    });

    await t.step("and the next one as ever", async () => {
      const next = new Ledger();
      using caller = new Caller(options(server, next));
      await caller.ask(newQuestion());
      assert.deepEqual(next.settle(), { 200: 1 });
    });
  },
);

linuxTest("job_queue_size says how many may wait", async () => {
  await using server = await startLoadServer(
    ["--workers", "1", "--job-queue-size", "3"],
  );
  const ledger = new Ledger();
  using stack = new DisposableStack();
  const newCaller = () => stack.use(new Caller(options(server, ledger)));
  const busy = await occupy(server, newCaller(), SIDE.slow);
  const others = Array.from({ length: 10 }, newCaller);
  await flood(others, { times: 1, side: SIDE.quick });
  await busy.reply;
  const { 200: served, 503: refused } = ledger.settle({ 503: 7 });
  // It may have been given one more before it was done with the first.
  assert.ok(served === 4 || served === 5, `${served} were served`);
  assert.equal(served + refused!, 11);
});

linuxTest("Callers who leave are not computed", async () => {
  await using server = await startLoadServer(["--workers", "1"]);
  const ledger = new Ledger();
  using stay = new Caller(options(server, ledger));
  const busy = await occupy(server, stay, SIDE.slow);
  const before = await server.metric(HANDED);
  const leaving = new AbortController();
  const gone = Array.from({ length: 80 }, () => {
    const { id, body, answers } = newQuestion(SIDE.busy);
    ledger.expect(id, answers.positive);
    ledger.leave(id);
    return fetch(`${server.inference}/predictions/work`, {
      method: "POST",
      body,
      signal: leaving.signal,
    }).then((response) => response.text(), () => "gone");
  });
  await eventually(
    "they wait",
    async () => await server.metric("mms_queue_length") >= 79,
  );
  leaving.abort();
  await Promise.all([...gone, busy.reply]);
  await stay.ask(newQuestion());
  ledger.settle();
  // The last one, and what was in hand when they left.
  const computed = await server.metric(HANDED) - before;
  assert.ok(computed <= 2, `${computed} were computed`);
});

linuxTest(
  "The deadline of a request covers its time in the queue",
  async () => {
    await using server = await startLoadServer([
      ...["--workers", "1", "--request-timeout", "2"],
      ...["--default-response-timeout-seconds", "6"],
    ]);
    const ledger = new Ledger();
    using stack = new DisposableStack();
    const newCaller = () => stack.use(new Caller(options(server, ledger)));
    const before = await server.metric(HANDED);
    const busy = await occupy(server, newCaller(), SIDE.endless);
    const others = Array.from({ length: 10 }, newCaller);
    const replies = await flood(others, { times: 1, side: SIDE.busy });
    await busy.reply;
    assert.deepEqual(ledger.settle({ 504: 11 }), { 504: 11 });
    assert.match(replies[0]!.text, /Prediction timed out/);
    // The worker is replaced, and who asks then is answered.
    await eventually("it is served again", async () => {
      const next = new Ledger();
      using caller = new Caller(options(server, next));
      await caller.ask(newQuestion());
      return next.settle({ 504: 1 })[200] === 1;
    });
    const computed = await server.metric(HANDED) - before;
    assert.ok(computed < 11, `${computed} were computed`);
  },
);
