/**
 * A process that does no more than it must.
 *
 * @module
 */

import { root } from "../../support/paths.ts";

const BARE_RUN = `${root}/tests/bench/support/bare_run.ts`;

/**
 * Returns the milliseconds from starting a process that loads the graph with
 * ONNX Runtime alone, and runs it once, to its end.
 */
export async function timeBareRun(graph: string): Promise<number> {
  const began = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", BARE_RUN, graph],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error("the bare process failed");
  return performance.now() - began;
}
