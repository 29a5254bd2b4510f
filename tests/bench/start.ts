/**
 * What `--version` and `--help` of the binary take, against a compiled program
 * that prints one word.
 *
 * Run it with `deno task bench:start`.
 *
 * @module
 */

import { run } from "../../.ci/process.ts";
import { findTarget } from "../../.ci/targets.ts";
import { findToolchain } from "../../.ci/toolchain.ts";
import { binary } from "../support/binary.ts";
import { root } from "../support/paths.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 9;
/** Each round takes the fastest of this many runs: the rest is the machine's. */
const RUNS = 7;
const GOAL = { atMost: 1.5 };

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const hello = await compileHello(folder);
    const mms = await binary();
    const ratios = { version: [] as number[], help: [] as number[] };
    for (let round = -1; round < ROUNDS; round++) {
      const [bare, version, help] = await fastest([
        [hello],
        [mms, "--version"],
        [mms, "--help"],
      ]);
      if (round < 0) continue; // warms the caches
      ratios.version.push(version! / bare!);
      ratios.help.push(help! / bare!);
    }
    const what = (flag: string) => `mms ${flag} ÷ a compiled hello`;
    for (const [flag, found] of Object.entries(ratios)) {
      print(claimLine({ what: what(`--${flag}`), ratios: found, goal: GOAL }));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Compiles it with the toolchain of the binary. */
async function compileHello(folder: string): Promise<string> {
  const target = findTarget(Deno.build.target);
  const { deno, denort } = await findToolchain(target, root);
  const source = `${folder}/hello.ts`;
  await Deno.writeTextFile(source, `console.log("hello");\n`);
  await run(
    deno,
    ["compile", "--allow-all", "--output", `${folder}/hello`, source],
    folder,
    denort === undefined ? {} : { DENORT_BIN: denort },
  );
  return `${folder}/hello`;
}

/** Returns the shortest time of each command in ms, all run by turns. */
async function fastest(
  commands: readonly (readonly string[])[],
): Promise<readonly number[]> {
  const best = commands.map(() => Infinity);
  for (let run = 0; run < RUNS; run++) {
    for (const [i, command] of commands.entries()) {
      best[i] = Math.min(best[i]!, await milliseconds(command));
    }
  }
  return best;
}

async function milliseconds(command: readonly string[]): Promise<number> {
  const [program, ...args] = command;
  const started = performance.now();
  const { success } = await new Deno.Command(program!, {
    args,
    stdout: "null",
  }).output();
  if (!success) throw new Error(`${program} failed`);
  return performance.now() - started;
}

await main();
