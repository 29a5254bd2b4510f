/**
 * The commands that people type.
 *
 * @module
 */

export { exitEarly, exitOnBugs } from "./early_exit.ts";
export { run } from "./run.ts";
export {
  type Output,
  processTerminal,
  type Terminal,
} from "./terminal/terminal.ts";
