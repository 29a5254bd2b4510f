/**
 * What a Python service costs: one that does nothing against the built-in one
 * that does nothing.
 *
 * Run it with `deno task bench:python`; needs wrk and python3.
 *
 * @module
 */

import { root } from "../support/paths.ts";
import { noop, PICTURE } from "./support/archives.ts";
import { load } from "./support/load.ts";
import { startServer } from "./support/process.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 2;
const PYTHON = `${root}/tests/python/services/noop-v1.0`;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await bench(await noop(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bench(builtIn: string): Promise<void> {
  await using server = await startServer(
    ...["--workers", "1", `builtin=${builtIn}`, `python=${PYTHON}`],
  );
  const rate = async (model: string) => {
    const url = `${server.address}/predictions/${model}`;
    const seen = await load({
      ...{ url, connections: 32, seconds: ROUND_SECONDS, body: PICTURE },
    });
    if (seen.errors > 0) throw new Error(`${url}: ${seen.errors} errors`);
    return seen.perSecond;
  };
  await rate("builtin");
  await rate("python");
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [control, python] = [await rate("builtin"), await rate("python")];
    ratios.push(python / control);
    print(
      `  Python ${python.toFixed(0)}/s, built in ${control.toFixed(0)}/s`,
    );
  }
  print(claimLine({
    what: "no-op, 32 connections, 1 worker: Python ÷ built in",
    ratios,
    goal: { atLeast: 0.15 },
  }));
}

if (import.meta.main) await main();
