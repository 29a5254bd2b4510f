/**
 * Memory of a server with one SqueezeNet worker, and whether its front grows.
 *
 * Run it with `deno task bench:memory`; needs Linux, wrk and `../shared`.
 *
 * @module
 */

import { noop, PICTURE, squeezenet } from "./support/archives.ts";
import { load } from "./support/load.ts";
import {
  descendants,
  type Memory,
  memoryOf,
  type Served,
  startServer,
} from "./support/process.ts";
import { print } from "./support/statistics.ts";

const REQUESTS = 100_000;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await benchWorker(await squeezenet(folder));
    await benchGrowth(await noop(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchWorker(model: string): Promise<void> {
  await using server = await startServer("--workers", "1", `m=${model}`);
  await send(server, "m", 1);
  const front = await memoryOf(server.pid);
  const workers = await Promise.all(
    (await descendants(server.pid)).map(memoryOf),
  );
  print(line("front", front));
  workers.forEach((worker, i) => print(line(`worker ${i + 1}`, worker)));
  const pss = [front, ...workers].reduce((sum, { pss }) => sum + pss, 0);
  verdict("sum of PSS", pss, 140);
  verdict("front, private dirty", front.privateDirty, 15);
  verdict("worker, private dirty", workers[0]!.privateDirty, 45);
}

async function benchGrowth(model: string): Promise<void> {
  await using server = await startServer("--workers", "1", `noop=${model}`);
  let sent = 0;
  const resident: number[] = [];
  while (sent < 2 * REQUESTS) {
    sent += await send(server, "noop", 4);
    resident.push((await memoryOf(server.pid)).resident);
    print(
      `  ${sent.toFixed(0)} requests: ${
        resident.at(-1)!.toFixed(1)
      } MB resident`,
    );
  }
  verdict("front, resident after the first round", resident[0]!, 90);
  verdict("front, resident at the end ÷ half way", ratio(resident), 1.1);
}

function ratio(values: readonly number[]): number {
  return values.at(-1)! / values[Math.floor(values.length / 2)]!;
}

async function send(
  server: Served,
  model: string,
  seconds: number,
): Promise<number> {
  const seen = await load({
    url: `${server.address}/predictions/${model}`,
    connections: 8,
    seconds,
    body: PICTURE,
  });
  if (seen.errors > 0) throw new Error(`${seen.errors} errors`);
  return seen.perSecond * seconds;
}

function line(name: string, memory: Memory): string {
  return `  ${name}: PSS ${memory.pss.toFixed(1)} MB, private dirty ${
    memory.privateDirty.toFixed(1)
  } MB, resident ${memory.resident.toFixed(1)} MB`;
}

function verdict(what: string, value: number, atMost: number): void {
  print(
    `${what}: ${value.toFixed(2)}, goal ≤ ${atMost}: ${
      value <= atMost ? "met" : "MISSED"
    }`,
  );
}

await main();
