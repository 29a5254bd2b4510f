/** What files, workers, the log and the management API need besides callers. */
const RESERVED_FILES = 256;
/** Where the system sets no limit, or does not say. */
const UNKNOWN_LIMIT = 65_536;
const LEAST = 16;

/**
 * Returns how many connections may be open at a time: the number asked for,
 * 0 for as many as possible, unless the process may not open so many files. A
 * process that runs out of them accepts nothing ever again.
 */
export async function connectionLimit(asked: number): Promise<number> {
  const possible = Math.max(LEAST, await openFileLimit() - RESERVED_FILES);
  return asked === 0 ? possible : Math.min(asked, possible);
}

async function openFileLimit(): Promise<number> {
  if (Deno.build.os !== "linux") return UNKNOWN_LIMIT;
  const limits = await Deno.readTextFile("/proc/self/limits");
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? UNKNOWN_LIMIT : Number(soft);
}
