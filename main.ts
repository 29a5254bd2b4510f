/**
 * mms packs machine-learning models into archives, serves them over HTTP and
 * runs them from the command line.
 *
 * @module
 */

import { exitEarly, exitOnBugs, processTerminal, run } from "./src/cli/mod.ts";

const EXIT_INTERRUPTED = 130;

if (import.meta.main) {
  const interrupt = new AbortController();
  const terminal = processTerminal(interrupt.signal);
  exitOnBugs(terminal);
  Deno.addSignalListener("SIGINT", () => {
    if (interrupt.signal.aborted) void exitEarly(EXIT_INTERRUPTED);
    interrupt.abort();
  });
  Deno.exit(await run(Deno.args, terminal));
}
