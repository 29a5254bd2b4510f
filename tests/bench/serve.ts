/**
 * What serving costs: SqueezeNet served against the same pipeline in a plain
 * loop, and a model that does nothing against a bare `node:http` handler.
 *
 * Run it with `deno task bench:serve`; needs wrk and `../shared`.
 *
 * @module
 */

import { noop, PICTURE, squeezenet } from "./support/archives.ts";
import { load } from "./support/load.ts";
import { type Served, startScript, startServer } from "./support/process.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 4;
/** A front is measured once its code has been optimised. */
const WARM_UP_REQUESTS = 2000;
const LOOP = "tests/bench/support/pipeline_loop.ts";

/** What a plain loop reports after each round. */
interface LoopRound {
  readonly perSecond: number;
  readonly p50Ms: number;
}

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await benchPictures(await squeezenet(folder));
    await benchNoop(await noop(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchPictures(model: string): Promise<void> {
  await using server = await startServer("--workers", "2", `m=${model}`);
  await using first = startScript(LOOP, model, PICTURE);
  await using second = startScript(LOOP, model, PICTURE);
  const loops = [first, second];
  const url = `${server.address}/predictions/m`;
  await warmUp(url, 8);
  await runLoops(loops);

  const throughput: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await runLoops(loops);
    const served = await predictions(url, 8);
    const after = await runLoops(loops);
    const control = (sum(before) + sum(after)) / 2;
    throughput.push(served.perSecond / control);
    print(
      `  served ${served.perSecond.toFixed(0)}/s, loops ${
        control.toFixed(0)
      }/s`,
    );
  }
  print(claimLine({
    what: "SqueezeNet, 8 connections, 2 workers: served ÷ plain loops",
    ratios: throughput,
    goal: { atLeast: 0.92 },
  }));

  const latency: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [before] = await runLoops([first]);
    const served = await predictions(url, 1);
    const [after] = await runLoops([first]);
    latency.push(served.p50Ms / ((before!.p50Ms + after!.p50Ms) / 2));
  }
  print(claimLine({
    what: "SqueezeNet, 1 connection: p50 served ÷ plain loop",
    ratios: latency,
    goal: { atMost: 1.1 },
  }));
}

async function benchNoop(model: string): Promise<void> {
  await using server = await startServer("--workers", "1", `noop=${model}`);
  await using bare = startScript("tests/bench/support/bare_server.ts");
  const served = `${server.address}/predictions/noop`;
  const control = `http://127.0.0.1:${await bare.line()}/`;
  await warmUp(served, 32);
  await warmUp(control, 32);
  const rate: number[] = [];
  const latency: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const pairs = {
      rate: await pair(control, served, 32),
      latency: await pair(control, served, 1),
    };
    rate.push(pairs.rate.served.perSecond / pairs.rate.control.perSecond);
    latency.push(pairs.latency.served.p50Ms / pairs.latency.control.p50Ms);
    print(
      `  served ${pairs.rate.served.perSecond.toFixed(0)}/s, bare ${
        pairs.rate.control.perSecond.toFixed(0)
      }/s; p50 ${pairs.latency.served.p50Ms.toFixed(3)} ms, bare ${
        pairs.latency.control.p50Ms.toFixed(3)
      } ms`,
    );
  }
  print(claimLine({
    what: "no-op, 32 connections, 1 worker: served ÷ bare node:http",
    ratios: rate,
    goal: { atLeast: 0.5 },
  }));
  print(claimLine({
    what: "no-op, 1 connection: p50 served ÷ bare node:http",
    ratios: latency,
    goal: { atMost: 4 },
  }));
}

async function pair(control: string, served: string, connections: number) {
  return {
    control: await predictions(control, connections),
    served: await predictions(served, connections),
  };
}

async function predictions(url: string, connections: number) {
  const seen = await load({
    url,
    connections,
    seconds: ROUND_SECONDS,
    body: PICTURE,
  });
  if (seen.errors > 0) throw new Error(`${url}: ${seen.errors} errors`);
  return seen;
}

async function warmUp(url: Served["address"], connections: number) {
  for (let requests = 0; requests < WARM_UP_REQUESTS;) {
    const { perSecond } = await predictions(url, connections);
    requests += perSecond * ROUND_SECONDS;
  }
}

async function runLoops(
  loops: readonly ReturnType<typeof startScript>[],
): Promise<readonly LoopRound[]> {
  const lines = await Promise.all(
    loops.map((loop) => loop.ask(String(ROUND_SECONDS * 1000))),
  );
  return lines.map((line) => JSON.parse(line));
}

function sum(rounds: readonly LoopRound[]): number {
  return rounds.reduce((total, { perSecond }) => total + perSecond, 0);
}

await main();
