import type { Terminal } from "./terminal/terminal.ts";

/**
 * Runs one command line, without the program's own name, and returns the exit
 * code: 0 done, 1 could not, 2 usage, 70 a bug in mms, 130 interrupted.
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  // A worker starts often and has no use for the command-line library.
  if (args[0] === "worker") {
    const { workerMain } = await import("../workload/mod.ts");
    await workerMain(args.slice(1));
    return 0;
  }
  return (await import("./program.ts")).run(args, terminal);
}
