/**
 * Programs that use the Python package outside of a worker.
 *
 * @module
 */

import assert from "node:assert/strict";
import { root } from "../../support/paths.ts";
import { PYTHON } from "./python.ts";

/** The Python package as it lies in the repository. */
export const PACKAGE: string = `${root}/src/workload/python`;

/** How a program is run, where that is not as usual. */
export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly python?: string;
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program with the package on its path, and reads what it prints as JSON. */
export async function runProgram(
  program: string,
  options: ProgramOptions = {},
): Promise<unknown> {
  const { args = [], python = PYTHON, folder, env = {} } = options;
  const { code, stdout, stderr } = await new Deno.Command(python, {
    args: ["-B", "-c", program, ...args],
    env: { PYTHONPATH: PACKAGE, ...env },
    ...(folder === undefined ? {} : { cwd: folder }),
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout).trim().split("\n").at(-1)!);
}
