import type { Terminal } from "./terminal/terminal.ts";

/**
 * Runs one command line, without the program's own name, and returns the exit
 * code: 0 done, 1 could not, 2 usage, 70 a bug in mms, 130 interrupted.
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  // A worker starts often and has no use for the command-line library. Deno
  // would read the whole graph behind a literal import before it begins.
  if (args[0] === "worker") {
    const { workerMain } = await import(
      import.meta.resolve("../workload/worker/worker_main.ts")
    ) as typeof import("../workload/worker/worker_main.ts");
    await workerMain(args.slice(1));
    return 0;
  }
  return (await import(
    import.meta.resolve("./program.ts")
  ) as typeof import("./program.ts")).run(args, terminal);
}
