/**
 * From the start of `mms serve` to its first answered prediction, against a
 * bare Deno process that loads the same session and runs it once.
 *
 * Run it with `deno task bench:first-answer`; needs `../shared`.
 *
 * @module
 */

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { root } from "../support/paths.ts";
import { PICTURE, squeezenet } from "./support/archives.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 7;
const POLL_MS = 1;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const model = await squeezenet(folder);
    const ratios: number[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const bare = await bareMs(`${model}/squeezenet_v1.1.onnx`);
      const served = await servedMs(model);
      if (round < 0) continue; // warms the caches
      ratios.push(served / bare);
      print(`  served ${served.toFixed(0)} ms, bare ${bare.toFixed(0)} ms`);
    }
    print(claimLine({
      what: "start to first answer, 1 worker: served ÷ bare process",
      ratios,
      goal: { atMost: 4 },
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function deno(...args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", ...args],
    stdout: "null",
    stderr: "inherit",
  });
}

async function bareMs(graph: string): Promise<number> {
  const started = performance.now();
  const { code } = await deno(
    `${root}/tests/bench/support/bare_run.ts`,
    graph,
  ).output();
  if (code !== 0) throw new Error(`the bare process ended with ${code}`);
  return performance.now() - started;
}

async function servedMs(model: string): Promise<number> {
  const [inference, management] = [await freePort(), await freePort()];
  const body = await Deno.readFile(PICTURE);
  const started = performance.now();
  const server = deno(
    ...[`${root}/main.ts`, "serve", `m=${model}`, "--workers", "1"],
    ...["--inference-address", `http://127.0.0.1:${inference}`],
    ...["--management-address", `http://127.0.0.1:${management}`],
  ).spawn();
  try {
    const url = `http://127.0.0.1:${inference}/predictions/m`;
    for (;;) {
      if (await post(url, body)) return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    server.kill("SIGTERM");
    await server.status;
  }
}

/** Whether there was an answer; not where nobody listens yet. */
async function post(
  url: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", body });
  } catch {
    return false; // refused: the server does not listen yet
  }
  const text = await response.text();
  if (response.status === 404) return false; // listens, registers still
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return true;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

await main();
