/**
 * Mixed load for a while, with workers killed every now and then.
 *
 * @module
 */

import { memoryOf } from "../../bench/support/process.ts";
import { LITTLE_MEMORY } from "../../../src/v8_flags.ts";
import { median } from "../../bench/support/statistics.ts";
import { DENO_RUN } from "../../cli/support/mms.ts";
import { Ledger } from "./ledger.ts";
import { type LoadServer, startLoadServer } from "./load_server.ts";
import { HABITS, type Scene } from "./soak_habits.ts";

/** How long it lasts. */
export interface SoakOptions {
  /** Of as much load as the machine bears, before anything is measured, in ms. */
  readonly warmUpMs: number;
  /** Of load that is measured, in ms. */
  readonly ms: number;
}

/** What was seen. */
export interface SoakReport {
  /** Of those who keep to the model that is always there. */
  readonly predictions: Ledger;
  /** Of those who ask models that come and go. */
  readonly comings: Ledger;
  /** Requests besides predictions that were answered as they should be. */
  readonly others: number;
  readonly kills: number;
  /** Resident memory of the front in MB, in the order in which it was taken. */
  readonly resident: readonly number[];
  /** Open files of the front without callers, before and after. */
  readonly files: { readonly before: number; readonly after: number };
}

/** Callers think so long between two requests at most: the machine has other things to do. */
const THINK_MS = 20;
const KILL_MS = 10_000;
const SAMPLE_MS = 1000;
/** Long enough to have everybody act. */
const FIRST_MS = 5_000;

const SILENT = ["sh", "-c", 'exec "$@" 2>/dev/null', "sh"] as const;

/** Serves mixed load; workers are killed while it is measured. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  await using server = await startLoadServer(
    [
      ...["--workers", "2", "--job-queue-size", "1000"],
      ...["--log-location", "logs", "--log-level", "info"],
      ...["--metric-time-interval", "5"],
    ],
    // What it says on the console would pile up here.
    { runner: [...SILENT, ...DENO_RUN, LITTLE_MEMORY] },
  );
  const scene = sceneOf(server);
  await act(scene, { ms: FIRST_MS, thinkMs: 0 });
  const before = await filesAtRest(server.pid);
  // Its heap grows to what such load takes, which would take longer with less,
  // and shrinks again when it rests.
  await act(scene, { ms: options.warmUpMs, thinkMs: 0 });
  await using watch = startWatch(server);
  await act(scene, { ms: options.ms, thinkMs: THINK_MS });
  await watch.end();
  const after = await filesAtRest(server.pid);
  return { ...scene, ...watch, others: scene.others, files: { before, after } };
}

/** Median of the last third over that of the first. */
export function growth(samples: readonly number[]): number {
  const third = Math.ceil(samples.length / 3);
  return median(samples.slice(-third)) / median(samples.slice(0, third));
}

function sceneOf(server: LoadServer): Scene {
  return {
    server,
    predictions: new Ledger(),
    comings: new Ledger(),
    others: 0,
  };
}

/** How long callers act, and how long each thinks in between at most, in ms. */
interface Act {
  readonly ms: number;
  readonly thinkMs: number;
}

async function act(scene: Scene, { ms, thinkMs }: Act): Promise<void> {
  const over = AbortSignal.timeout(ms);
  await Promise.all(HABITS.map(async (habit) => {
    using actor = habit(scene);
    while (!over.aborted) {
      await actor.act();
      await pause(thinkMs * Math.random());
    }
  }));
}

/** How long the system may take to close what nobody uses any more. */
const SETTLING_MS = 10_000;

/** Returns how few files are open once callers' connections are gone. */
async function filesAtRest(pid: number): Promise<number> {
  let least = Infinity;
  for (const end = performance.now() + SETTLING_MS; performance.now() < end;) {
    least = Math.min(least, await openFiles(pid));
    await pause(250);
  }
  return least;
}

async function openFiles(pid: number): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

/** Kills workers and takes samples until it is told to end. */
function startWatch(server: LoadServer) {
  const resident: number[] = [];
  const seen = { resident, kills: 0 };
  let over = false;
  const run = async () => {
    let nextKill = performance.now() + KILL_MS;
    while (!over) {
      await pause(SAMPLE_MS);
      resident.push((await memoryOf(server.pid)).resident);
      if (performance.now() < nextKill) continue;
      nextKill += KILL_MS;
      if (await killOne(server)) seen.kills++;
    }
  };
  const running = run();
  const end = async () => {
    over = true;
    await running;
  };
  return Object.assign(seen, { end, [Symbol.asyncDispose]: end });
}

async function killOne(server: LoadServer): Promise<boolean> {
  const pids = await server.workers();
  const pid = pids[Math.floor(Math.random() * pids.length)];
  try {
    if (pid !== undefined) Deno.kill(pid, "SIGKILL");
    return pid !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
