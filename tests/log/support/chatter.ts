/**
 * A process that logs more to standard error than its reader takes, and tells
 * on standard output how that went.
 *
 * @module
 */

import {
  configureLog,
  droppedLogLines,
  flushLogs,
  logger,
} from "../../../src/log.ts";

await configureLog({ console: "stderr" });
const log = logger("chatter");
for (let i = 0; i < 40_000; i++) log.info("A line that is long ".repeat(6));
let turns = 0;
const timer = setInterval(() => turns++, 5);
await flushLogs();
clearInterval(timer);
await new Blob([JSON.stringify({ turns, dropped: droppedLogLines() })])
  .stream().pipeTo(Deno.stdout.writable);
Deno.exit(0);
