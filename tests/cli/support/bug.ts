/**
 * Throws what nobody catches: `error` or `rejection`, with a log in the folder
 * `logs` if the second argument is `logged`.
 *
 * @module
 */

import { exitOnBugs, processTerminal } from "../../../src/cli/mod.ts";
import { configureLog } from "../../../src/log.ts";

if (import.meta.main) {
  const [kind, log] = Deno.args;
  const terminal = processTerminal(new AbortController().signal);
  exitOnBugs(terminal);
  if (log === "logged") {
    await configureLog({
      console: "stderr",
      files: { logs: "logs", metrics: "logs" },
    });
  }
  // It would run for ever.
  setInterval(() => {}, 1000);
  if (kind === "error") {
    setTimeout(() => {
      throw new TypeError("a bug");
    });
  } else Promise.reject(new TypeError("a bug"));
}
