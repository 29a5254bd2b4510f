import assert from "node:assert/strict";
import { Caller, startCallers } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import {
  linuxTest,
  type LoadServer,
  startLoadServer,
} from "./support/load_server.ts";
import { newQuestion, SIDE } from "./support/work_model.ts";

const CALLERS = 8;

function options(server: LoadServer, ledger: Ledger) {
  return { address: server.inference, model: "work", ledger };
}

/** Has one request end a worker among others that are none of its business. */
async function sacrifice(
  server: LoadServer,
  side: number,
): Promise<{ readonly victim: Ledger; readonly others: Ledger }> {
  const [victim, others] = [new Ledger(), new Ledger()];
  const old = await server.workers();
  const load = options(server, others);
  await using callers = startCallers({ ...load, callers: CALLERS });
  await callers.answered(CALLERS);
  using caller = new Caller(options(server, victim));
  await caller.ask(newQuestion(side));
  await server.replaced(1, old);
  // Those that came upon the new one as well.
  await callers.answered(5 * CALLERS);
  await callers.end();
  return { victim, others };
}

linuxTest(
  "A worker killed while busy costs what it was at, and nothing else",
  async () => {
    const rounds = 6;
    await using server = await startLoadServer(["--workers", "2"]);
    const ledger = new Ledger();
    const load = { ...options(server, ledger), callers: CALLERS };
    await using callers = startCallers(load);
    for (let round = 0; round < rounds; round++) {
      await callers.answered(2 * CALLERS);
      const old = await server.workers();
      Deno.kill(old[round % old.length]!, "SIGKILL");
      await server.replaced(1, old);
    }
    await callers.answered(2 * CALLERS);
    await callers.end();
    ledger.settle({ 500: rounds });
    assert.equal(await server.metric("mms_worker_restarts_total"), rounds);
  },
);

linuxTest(
  "All workers killed while busy cost what they were at, and nothing else",
  async () => {
    await using server = await startLoadServer(["--workers", "2"]);
    const ledger = new Ledger();
    const load = { ...options(server, ledger), callers: CALLERS };
    await using callers = startCallers(load);
    await callers.answered(CALLERS);
    const old = await server.workers();
    for (const pid of old) Deno.kill(pid, "SIGKILL");
    await server.replaced(old.length, old);
    await callers.answered(2 * CALLERS);
    await callers.end();
    ledger.settle({ 500: old.length });
  },
);

linuxTest(
  "A worker that hangs is replaced, and its caller is told",
  async () => {
    await using server = await startLoadServer(
      ["--workers", "2", "--default-response-timeout-seconds", "3"],
    );
    const { victim, others } = await sacrifice(server, SIDE.endless);
    assert.deepEqual(victim.settle({ 504: 1 }), { 504: 1 });
    others.settle();
  },
);

linuxTest(
  "A worker that takes too much memory is replaced, and its caller is told",
  async () => {
    await using server = await startLoadServer(
      ["--workers", "2", "--worker-memory-limit", String(500 << 20)],
    );
    const { victim, others } = await sacrifice(server, SIDE.endless);
    assert.deepEqual(victim.settle({ 507: 1 }), { 507: 1 });
    others.settle();
  },
);
