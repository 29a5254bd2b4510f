import assert from "node:assert/strict";
import { isAlive } from "../workload/support/workload.ts";
import { Caller, eventually } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import {
  linuxTest,
  type LoadServer,
  startLoadServer,
} from "./support/load_server.ts";
import { newQuestion, SIDE } from "./support/work_model.ts";

/** For how long a worker may outlive its front, in ms. */
const ORPHAN_MS = 2000;

function options(server: LoadServer, ledger: Ledger) {
  return { address: server.inference, model: "work", ledger };
}

linuxTest(
  "No worker outlives a front that is killed, idle, busy or hung",
  async () => {
    await using server = await startLoadServer(["--workers", "3"]);
    const pids = await server.workers();
    assert.equal(pids.length, 3);
    using stack = new DisposableStack();
    const hung = [SIDE.endless, SIDE.busy].map((side) => {
      const caller = stack.use(new Caller(options(server, new Ledger())));
      return caller.ask(newQuestion(side));
    });
    await Promise.race(hung);
    const ended = server.end("SIGKILL");
    const killed = performance.now();
    await eventually("they are gone", async () => {
      const alive = await Promise.all(pids.map(isAlive));
      return !alive.includes(true);
    });
    assert.ok(performance.now() - killed < ORPHAN_MS);
    await ended;
    // They get no answer, which is no news to them.
    await Promise.all(hung);
  },
);

linuxTest(
  "Every request that was accepted is answered before the server ends",
  async () => {
    await using server = await startLoadServer(
      ["--workers", "2", "--job-queue-size", "1000"],
    );
    const ledger = new Ledger();
    const calls = Array.from(
      { length: 32 },
      () => callUntilRefused(server, ledger),
    );
    await eventually("they are under way", () => ledger.answered > 200);
    const { code, err } = await server.end("SIGTERM");
    assert.equal(code, 0, err);
    await Promise.all(calls);
    ledger.settle();
  },
);

/** Asks for one prediction after the other until no connection is taken. */
async function callUntilRefused(
  server: LoadServer,
  ledger: Ledger,
): Promise<void> {
  using caller = new Caller(options(server, ledger));
  try {
    for (;;) await caller.ask(newQuestion(SIDE.busy));
  } catch (error) {
    // Nothing had been asked then.
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
  }
}
