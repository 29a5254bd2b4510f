/**
 * The log, under the name that the whole program imports.
 *
 * @module
 */

export * from "./log/mod.ts";
