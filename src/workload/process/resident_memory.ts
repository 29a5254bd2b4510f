import type { Cancel, Clock } from "../clock.ts";

/** How often a limited process is looked at, in ms. */
const SAMPLE_MS = 100;

/**
 * Returns the resident memory of a process in bytes; 0 where that cannot be
 * told: on other systems than Linux, or without the permission to ask.
 */
export function residentMemory(pid: number): number {
  if (Deno.build.os !== "linux") return 0;
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It has ended, or may not be looked at.
    return 0;
  }
}

/**
 * Calls `onExceeded` once the process takes more than `limit` bytes; never with
 * a limit of 0, which costs nothing either.
 */
export function watchMemory(
  pid: number,
  limit: number,
  options: { readonly clock: Clock; readonly onExceeded: () => void },
): Cancel {
  if (limit === 0) return () => {};
  const { clock, onExceeded } = options;
  let cancel = clock.after(SAMPLE_MS, sample);
  function sample(): void {
    if (residentMemory(pid) > limit) onExceeded();
    else cancel = clock.after(SAMPLE_MS, sample);
  }
  return () => cancel();
}
