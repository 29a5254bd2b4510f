/**
 * Loaded before a program, gives it a `Date` that jumps a day ahead at
 * `SIGUSR2`, and two days back at the next.
 *
 * @module
 */

const DAY_MS = 86_400_000;
const SystemDate = Date;
let offset = 0;

class JumpingDate extends SystemDate {
  constructor(...args: [] | [number]) {
    super(...(args.length === 0 ? [JumpingDate.now()] as const : args));
  }

  static override now(): number {
    return SystemDate.now() + offset;
  }
}

globalThis.Date = JumpingDate as unknown as DateConstructor;

Deno.addSignalListener("SIGUSR2", () => {
  offset = offset > 0 ? -DAY_MS : DAY_MS;
});
