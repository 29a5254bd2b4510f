/**
 * The commands that people type.
 *
 * @module
 */

export { run } from "./run.ts";
export { type Output, processTerminal, type Terminal } from "./terminal.ts";
