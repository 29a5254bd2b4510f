/**
 * The metrics, under the name that the whole program imports.
 *
 * @module
 */

export * from "./metrics/mod.ts";
