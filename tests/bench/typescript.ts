/**
 * What a TypeScript service costs: one that does nothing against the built-in
 * one that does nothing.
 *
 * Run it with `deno task bench:typescript`; needs wrk.
 *
 * @module
 */

import { noop, PICTURE } from "./support/archives.ts";
import { load } from "./support/load.ts";
import { startServer } from "./support/process.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 2;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await bench(await noop(folder), await typescriptNoop(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bench(builtIn: string, custom: string): Promise<void> {
  await using server = await startServer(
    ...["--workers", "1", `builtin=${builtIn}`, `custom=${custom}`],
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
  await rate("custom");
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [control, typescript] = [await rate("builtin"), await rate("custom")];
    ratios.push(typescript / control);
    print(
      `  TypeScript ${typescript.toFixed(0)}/s, built in ${
        control.toFixed(0)
      }/s`,
    );
  }
  print(claimLine({
    what: "no-op, 32 connections, 1 worker: TypeScript ÷ built in",
    ratios,
    goal: { atLeast: 0.6 },
  }));
}

/** A folder with a service that answers `OK` without a look at the input. */
async function typescriptNoop(folder: string): Promise<string> {
  const model = `${folder}/typescript`;
  await Deno.mkdir(`${model}/MAR-INF`, { recursive: true });
  await Deno.writeTextFile(
    `${model}/MAR-INF/MANIFEST.json`,
    JSON.stringify({
      runtime: "deno",
      model: { modelName: "typescript", handler: "service.ts" },
    }),
  );
  await Deno.writeTextFile(
    `${model}/service.ts`,
    `import type { Request } from "mms";

export function handle(data: readonly Request[]): readonly string[] {
  return data.map(() => "OK");
}
`,
  );
  return model;
}

if (import.meta.main) await main();
