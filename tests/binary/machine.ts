/**
 * Machines that the binary is tried on, and what is asked of it there.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type Outcome,
  runBinary,
  type RunOptions,
  startBinary,
} from "../support/binary.ts";
import { root } from "../support/paths.ts";
import type { TempFolder } from "../support/temp.ts";
import { LINUX, needing, type Register } from "../support/needing.ts";

/** A picture of a seven. */
export const PICTURE = `${root}/fixtures/digits/images/7_seven.png`;

/** Registers a test of what only Linux has. */
export const onLinux: Register = needing(LINUX);

/** Makes a machine of a folder, one on which nobody has worked yet. */
export async function emptyMachine(folder: TempFolder): Promise<RunOptions> {
  for (const name of ["home", "tmp", "work"]) {
    await Deno.mkdir(`${folder.path}/${name}`, { recursive: true });
  }
  const env = { HOME: `${folder.path}/home`, TMPDIR: `${folder.path}/tmp` };
  return { cwd: `${folder.path}/work`, env };
}

/** Starts `mms serve` on free ports; it is stopped when disposed of. */
export async function serve(
  args: readonly string[],
  options: RunOptions,
): Promise<AsyncDisposable & { readonly address: string }> {
  const child = await startBinary([
    ...["serve", ...args, "--workers", "1"],
    ...["--inference-address", "http://127.0.0.1:0"],
    ...["--management-address", "http://127.0.0.1:0"],
  ], options);
  const errors = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    address: await listening(lines, errors),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      while (!(await lines.read()).done);
      const { code } = await child.status;
      // Windows knows no SIGTERM: the process just ends.
      if (Deno.build.os !== "windows") assert.equal(code, 0, await errors);
    },
  };
}

async function listening(
  lines: ReadableStreamDefaultReader<string>,
  errors: Promise<string>,
): Promise<string> {
  let text = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) assert.fail(`mms serve ended: ${await errors}`);
    text += value;
    const address = addressIn(text);
    if (address !== undefined) return address;
  }
}

/** Returns the address that the curl line of a server names. */
export function addressIn(text: string): string | undefined {
  return /curl .*?(http:\/\/[^\s/]+)\/predictions/.exec(text)?.[1];
}

/** Posts the picture to a served model and returns the answer. */
export async function post(address: string, model: string): Promise<unknown> {
  const response = await fetch(`${address}/predictions/${model}`, {
    method: "POST",
    body: await Deno.readFile(PICTURE),
  });
  return await response.json();
}

/** Returns what a model says of the picture, asked from the command line. */
export async function predict(
  model: string,
  options: RunOptions,
): Promise<unknown> {
  const args = ["predict", "--model", model, "--json", PICTURE];
  return JSON.parse(assertDone(await runBinary(args, options)));
}

/** Asserts that a program ended well, and returns what it printed. */
export function assertDone({ code, out, err }: Outcome): string {
  assert.equal(code, 0, err);
  return out;
}

/** Asserts that an answer names what the picture shows. */
export function assertSeven(answer: unknown): void {
  assert.ok(Array.isArray(answer), JSON.stringify(answer));
  const [first]: { class: string; probability: number }[] = answer;
  assert.equal(first?.class, "seven");
  assert.ok(first.probability > 0.5);
}

/** Returns the names of what lies in a folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names;
}
