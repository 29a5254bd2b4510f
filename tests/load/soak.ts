/**
 * Half an hour of mixed load with workers killed every ten seconds.
 *
 * Run it with `deno task soak`, or `deno task soak --minutes N`; needs Linux.
 *
 * @module
 */

import { claimLine, median, print } from "../bench/support/statistics.ts";
import { growth, soak } from "./support/soak.ts";

const WARM_UP_MS = 60_000;

async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf("--minutes");
  const minutes = at < 0 ? 30 : Number(args[at + 1]);
  const seen = await soak({ warmUpMs: WARM_UP_MS, ms: minutes * 60_000 });
  for (const name of ["predictions", "comings"] as const) {
    const { statuses, ...faults } = seen[name].balance();
    print(`${name}: ${JSON.stringify({ ...statuses, ...faults })}`);
  }
  const { others, kills, files, resident } = seen;
  print(`other requests: ${others}, workers killed: ${kills}`);
  print(`open files: ${files.before} before, ${files.after} after`);
  const minutely = Array.from(
    { length: Math.ceil(resident.length / 60) },
    (_, i) => median(resident.slice(60 * i, 60 * (i + 1))).toFixed(0),
  );
  print(`resident memory, MB by the minute: ${minutely.join(" ")}`);
  print(claimLine({
    what: "resident memory of the front, last third ÷ first",
    ratios: [growth(resident)],
    goal: { atMost: 1.1 },
  }));
}

await main(Deno.args);
