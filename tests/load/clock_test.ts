import assert from "node:assert/strict";
import { DENO_RUN } from "../cli/support/mms.ts";
import { fromFileUrl } from "../support/paths.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { Caller, startCallers } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import {
  linuxTest,
  type LoadServer,
  startLoadServer,
} from "./support/load_server.ts";
import { newQuestion, SIDE } from "./support/work_model.ts";
import { needing } from "../support/needing.ts";

const DAY_MS = 86_400_000;

/** A way to have a server's clock jump. */
interface Jumping {
  /** What starts the server. */
  readonly runner: (folder: TempFolder) => readonly [string, ...string[]];
  /** Has its clock go wrong by so many ms: first a day ahead, then a day behind. */
  readonly jump: (server: LoadServer, ms: number) => Promise<void>;
}

const dates: Jumping = {
  runner: () => {
    const script = new URL("./support/jumping_date.ts", import.meta.url);
    return [...DENO_RUN, "--preload", fromFileUrl(script)];
  },
  jump(server) {
    server.kill("SIGUSR2");
    return Promise.resolve();
  },
};

const library = findLibrary();

/** The clock of the whole process, natively, but the monotonic one. */
const system: Jumping = {
  runner: ({ path }) => [
    "env",
    `LD_PRELOAD=${library}`,
    `FAKETIME_TIMESTAMP_FILE=${path}/time`,
    ...["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"],
    ...DENO_RUN,
  ],
  async jump({ folder }, ms) {
    const seconds = ms / 1000;
    await folder.write("time", `${seconds < 0 ? "" : "+"}${seconds}\n`);
  },
};

linuxTest("No deadline depends on dates, which may jump", () => check(dates));

needing(library === undefined ? "libfaketime" : undefined)(
  "No deadline depends on the system's clock, which may jump",
  () => check(system),
);

async function check({ runner, jump }: Jumping): Promise<void> {
  await using folder = await tempFolder();
  await folder.write("time", "+0\n");
  await using server = await startLoadServer([
    ...["--workers", "2", "--request-timeout", "6"],
    ...["--default-response-timeout-seconds", "30"],
  ], { folder, runner: runner(folder) });
  const ledger = new Ledger();
  const options = { address: server.inference, model: "work", ledger };
  const old = await server.workers();
  await using callers = startCallers({ ...options, callers: 8 });
  await callers.answered(50);
  await jump(server, DAY_MS);
  await callers.answered(200);
  await jump(server, -DAY_MS);
  await callers.answered(200);
  await callers.end();
  // Nobody was told that it took too long, and no worker was killed for it.
  ledger.settle();
  assert.deepEqual(await server.workers(), old);
  // Who waits while it jumps is told in time all the same.
  const late = new Ledger();
  using caller = new Caller({ ...options, ledger: late });
  const reply = caller.ask(newQuestion(SIDE.endless));
  await jump(server, DAY_MS);
  assert.equal((await reply)?.status, 504);
  assert.deepEqual(late.settle({ 504: 1 }), { 504: 1 });
  await assertAhead(server);
}

/** The clock has jumped indeed: a worker that begins now does so tomorrow. */
async function assertAhead(server: LoadServer): Promise<void> {
  const old = await server.workers();
  for (const pid of old) Deno.kill(pid, "SIGKILL");
  await server.replaced(2, old);
  const { json } = await server.manage("GET /models/work");
  for (const { startTime } of json.workers!) {
    assert.ok(Date.parse(startTime) > Date.now() + DAY_MS / 2, startTime);
  }
}

function findLibrary(): string | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const folder = `/usr/lib/${Deno.build.arch}-linux-gnu/faketime`;
  const path = `${folder}/libfaketimeMT.so.1`;
  try {
    return Deno.statSync(path).isFile ? path : undefined;
  } catch {
    return undefined;
  }
}
