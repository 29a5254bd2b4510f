import { messageOf } from "../errors.ts";

/** A bug in mms; `EX_SOFTWARE` of BSD's sysexits. */
export const EXIT_BUG = 70;

/** Returns what is said of something thrown that nobody expected. */
export function bugReport(thrown: unknown): string {
  const trace = thrown instanceof Error && thrown.stack !== undefined
    ? thrown.stack
    : messageOf(thrown);
  return `This is a bug in mms:\n${trace}\n`;
}
