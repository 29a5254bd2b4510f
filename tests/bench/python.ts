/**
 * What a Python service costs: one that does nothing against the built-in one
 * that does nothing, and how soon its worker is ready against `python3 -c pass`.
 *
 * Run it with `deno task bench:python`; needs wrk and python3.
 *
 * @module
 */

import { openFolder } from "../../src/archive/mod.ts";
import { PythonWorkers, Registry } from "../../src/workload/mod.ts";
import { PYTHON } from "../python/support/python.ts";
import { root } from "../support/paths.ts";
import { noop } from "./support/archives.ts";
import { benchServiceRate } from "./support/service_rate.ts";
import { claimLine, print } from "./support/statistics.ts";

const STARTS = 15;
const SERVICE = `${root}/tests/python/services/noop-v1.0`;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await benchServiceRate({
      language: "Python",
      service: SERVICE,
      builtIn: await noop(folder),
      atLeast: 0.15,
    });
    await benchStart(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** From the decision to start a worker to its `loaded`. */
async function benchStart(cacheFolder: string): Promise<void> {
  await using python = new PythonWorkers({ interpreter: PYTHON, cacheFolder });
  await using registry = new Registry({
    launch: python.beside(),
    open: async () => ({
      archive: await openFolder(SERVICE),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  });
  const range = { minWorkers: 1, maxWorkers: 1 };
  const ready = async () => {
    const model = await registry.register({ url: "noop" });
    const ms = await timed(async () => void await model.scale(range).done);
    await registry.unregister("noop", { timeout: 5000 });
    return ms;
  };
  const pass = () =>
    timed(async () =>
      void await new Deno.Command(PYTHON, { args: ["-c", "pass"] }).output()
    );
  await ready();
  await pass();
  const ratios: number[] = [];
  for (let i = 0; i < STARTS; i++) ratios.push(await ready() / await pass());
  print(claimLine({
    what: "Python worker ready ÷ python3 -c pass",
    ratios,
    goal: { atMost: 4 },
  }));
}

async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

if (import.meta.main) await main();
