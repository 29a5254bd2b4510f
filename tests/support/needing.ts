/**
 * Tests of what is not to be had everywhere.
 *
 * @module
 */

/** Registers a test. */
export type Register = (
  name: string,
  run: (t: Deno.TestContext) => void | Promise<void>,
) => void;

/** What tests of processes, ports and devices need, where it is missing. */
export const LINUX: string | undefined = Deno.build.os === "linux"
  ? undefined
  : "Linux";

/** What tests of signals, shells and file modes need, where it is missing. */
export const POSIX: string | undefined = Deno.build.os === "windows"
  ? "a POSIX system"
  : undefined;

/**
 * Returns what registers tests. Where something is `missing` they are reported
 * as ignored, with that as the reason in their names.
 */
export function needing(missing: string | undefined): Register {
  return (name, run) =>
    missing === undefined ? Deno.test(name, run) : Deno.test({
      name: `${name} (needs ${missing})`,
      ignore: true,
      fn: run,
    });
}
