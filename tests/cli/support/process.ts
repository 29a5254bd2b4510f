/**
 * mms as a process of its own, run from source.
 *
 * @module
 */

import { root } from "../../support/paths.ts";

/** Starts `mms` with these arguments in a folder. */
export function startMms(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return startScript(`${root}/main.ts`, args, { cwd, env });
}

/** Starts a script of this repository in a folder. */
export function startScript(
  script: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--no-check", script, ...args],
    ...options,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for a process to end, and returns what it wrote. */
export async function outcomeOf(process: Deno.ChildProcess): Promise<{
  readonly code: number;
  readonly out: string;
  readonly err: string;
}> {
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Waits until a folder holds something whose name ends like this. */
export async function untilThere(
  folder: string,
  ending: string,
): Promise<void> {
  while (true) {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.endsWith(ending)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
