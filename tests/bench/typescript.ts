/**
 * What a TypeScript service costs: one that does nothing against the built-in
 * one that does nothing.
 *
 * Run it with `deno task bench:typescript`; needs wrk.
 *
 * @module
 */

import { noop } from "./support/archives.ts";
import { benchServiceRate } from "./support/service_rate.ts";

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await benchServiceRate({
      language: "TypeScript",
      service: await typescriptNoop(folder),
      builtIn: await noop(folder),
      atLeast: 0.6,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
