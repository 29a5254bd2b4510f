import { bugReport, EXIT_BUG } from "./bug.ts";
import type { Terminal } from "./terminal/terminal.ts";

/**
 * Ends the process before its command is done, with what was logged written.
 * Commands that end by themselves have closed the log.
 */
export async function exitEarly(code: number): Promise<never> {
  const { flushLogs } = await import("../log.ts");
  await flushLogs();
  Deno.exit(code);
}

/**
 * Ends the process with 70 once something is thrown that nobody catches, which
 * is a bug: the log gets all of it, or the terminal where nothing is logged.
 */
export function exitOnBugs(terminal: Terminal): void {
  let isEnding = false;
  const end = (event: Event, thrown: unknown) => {
    // The runtime would end the process at once, lines that wait and all.
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    void tellAndExit(thrown, terminal);
  };
  addEventListener("error", (event) => end(event, event.error));
  addEventListener(
    "unhandledrejection",
    (event) => end(event, event.reason),
  );
}

async function tellAndExit(thrown: unknown, terminal: Terminal): Promise<void> {
  const report = bugReport(thrown);
  try {
    const { isLogging, logger } = await import("../log.ts");
    if (!isLogging()) return terminal.err.write(report);
    logger("main").fatal("{report}", { report: report.trim() });
    await exitEarly(EXIT_BUG);
  } finally {
    Deno.exit(EXIT_BUG);
  }
}
