/**
 * Runs `mms` and writes the most memory that it ever had, in kB (Linux).
 *
 * @module
 */

import { processTerminal, run } from "../../../src/cli/mod.ts";

if (import.meta.main) {
  const never = new AbortController().signal;
  const code = await run(Deno.args, processTerminal(never));
  const status = await Deno.readTextFile("/proc/self/status");
  const [, peak] = /^VmHWM:\s*(\d+) kB$/m.exec(status)!;
  await Deno.stdout.write(new TextEncoder().encode(peak));
  Deno.exit(code);
}
