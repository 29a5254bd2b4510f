/**
 * What V8 is told at the start of a process that is to use little memory. Left
 * alone it lets the young objects of a busy process fill tens of megabytes
 * before it looks which are still in use, and it does not listen later.
 */
export const LITTLE_MEMORY = "--v8-flags=--max-semi-space-size=1";
