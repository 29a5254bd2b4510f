/**
 * How long a model takes to answer on a server that runs: registering
 * SqueezeNet until its first prediction, against a bare process that loads the
 * same session and runs it once.
 *
 * Run it with `deno task bench:register`; needs `../shared`.
 *
 * @module
 */

import { PICTURE, squeezenet } from "./support/archives.ts";
import { timeBareRun } from "./support/bare_process.ts";
import { type Served, startServer } from "./support/process.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 7;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await bench(await squeezenet(folder), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bench(model: string, store: string): Promise<void> {
  await using server = await startServer(
    ...["--model-store", store, "--workers", "1", `other=${model}`],
  );
  const graph = `${model}/squeezenet_v1.1.onnx`;
  const picture = await Deno.readFile(PICTURE);
  await register(server, picture);
  await timeBareRun(graph);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await timeBareRun(graph);
    const registered = await register(server, picture);
    const after = await timeBareRun(graph);
    const bare = (before + after) / 2;
    ratios.push(registered / bare);
    print(
      `  registered and answered ${registered.toFixed(0)} ms, bare ${
        bare.toFixed(0)
      } ms`,
    );
  }
  print(claimLine({
    what: "SqueezeNet: registered until it answers ÷ bare process",
    ratios,
    goal: { atMost: 4 },
  }));
}

/** Milliseconds until the model has answered; it is gone afterwards. */
async function register(
  { address, management }: Served,
  picture: Uint8Array<ArrayBuffer>,
): Promise<number> {
  const began = performance.now();
  const parameters = "url=squeezenet&model_name=new&initial_workers=1";
  await expectOk(`${management}/models?${parameters}&synchronous=true`, {
    method: "POST",
  });
  await expectOk(`${address}/predictions/new`, {
    method: "POST",
    body: picture,
  });
  const ms = performance.now() - began;
  await expectOk(`${management}/models/new`, { method: "DELETE" });
  return ms;
}

async function expectOk(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${text}`);
}

await main();
