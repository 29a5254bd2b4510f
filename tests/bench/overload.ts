/**
 * What an overload costs: 512 callers at a queue of 100 against 32 callers, all
 * of whom come back at once, whatever they are told.
 *
 * Run it with `deno task bench:overload`; needs wrk and `../shared`.
 *
 * @module
 */

import { noop, PICTURE, squeezenet } from "./support/archives.ts";
import { load, type Seen } from "./support/load.ts";
import { startServer } from "./support/process.ts";
import { claimLine, median, print } from "./support/statistics.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 4;
const FEW = 32;
const MANY = 512;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await bench("SqueezeNet", await squeezenet(folder));
    await bench("no-op", await noop(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bench(name: string, model: string): Promise<void> {
  await using server = await startServer(
    ...["--workers", "2", "--job-queue-size", "100", `m=${model}`],
  );
  const url = `${server.address}/predictions/m`;
  await callers(url, FEW);
  await callers(url, MANY);
  const rounds: Round[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await run(server.address, url));
  const column = (key: keyof Round) => rounds.map((round) => round[key]);
  print(claimLine({
    what: `${name}: good predictions, ${MANY} callers ÷ ${FEW}`,
    ratios: column("ratio"),
    goal: { atLeast: 0.85 },
  }));
  print(
    `${name}: first request after the flood ${
      ms(column("firstMs"))
    }, one at rest ${ms(column("restMs"))} (medians)`,
  );
  print(
    `${name}: computed for callers who had left: ${median(column("leftOver"))}`,
  );
}

/** One flood, between two times without. */
interface Round {
  readonly ratio: number;
  readonly restMs: number;
  readonly firstMs: number;
  /** Requests that were computed after the flood, but for the first of then. */
  readonly leftOver: number;
}

async function run(address: string, url: string): Promise<Round> {
  const before = await callers(url, FEW);
  const restMs = await timeOne(url);
  const flooded = await callers(url, MANY);
  const handed = await handedOut(address);
  const firstMs = await timeOne(url);
  const leftOver = await handedOut(address) - handed - 1;
  const after = await callers(url, FEW);
  const control = (before.goodPerSecond + after.goodPerSecond) / 2;
  print(
    `  ${FEW} callers ${control.toFixed(0)}/s, ${MANY} callers ${
      flooded.goodPerSecond.toFixed(0)
    }/s and ${
      (flooded.perSecond - flooded.goodPerSecond).toFixed(0)
    }/s refused`,
  );
  return { ratio: flooded.goodPerSecond / control, restMs, firstMs, leftOver };
}

function ms(values: readonly number[]): string {
  return `${median(values).toFixed(1)} ms`;
}

function callers(url: string, connections: number): Promise<Seen> {
  const body = PICTURE;
  return load({ url, connections, seconds: ROUND_SECONDS, body });
}

/** Milliseconds from a request to its answer. */
async function timeOne(url: string): Promise<number> {
  const body = await Deno.readFile(PICTURE);
  const began = performance.now();
  const response = await fetch(url, { method: "POST", body });
  await response.bytes();
  if (!response.ok) throw new Error(`it was answered ${response.status}`);
  return performance.now() - began;
}

/** How many requests workers have been given. */
async function handedOut(address: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const found = /^mms_queue_wait_seconds_count\{[^}]*\} (\d+)$/m.exec(text);
  return Number(found?.[1] ?? 0);
}

await main();
