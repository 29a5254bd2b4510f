/**
 * mms packs machine-learning models into archives, serves them over HTTP and
 * runs them from the command line.
 *
 * @module
 */

import { processTerminal, run } from "./src/cli/mod.ts";

const EXIT_INTERRUPTED = 130;

if (import.meta.main) {
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    if (interrupt.signal.aborted) Deno.exit(EXIT_INTERRUPTED);
    interrupt.abort();
  });
  Deno.exit(await run(Deno.args, processTerminal(interrupt.signal)));
}
