import type { Runtime } from "./manifest.ts";

/** Modules that mms runs itself. */
const SCRIPT = /\.m?[jt]s(?::[^:]*)?$/;

/**
 * Returns what runs a handler: a module whose name says that it is TypeScript
 * or JavaScript needs nothing else to say so.
 */
export function handlerRuntime(
  handler: string | undefined,
  stated: Runtime,
): Runtime {
  return handler !== undefined && SCRIPT.test(handler) ? "deno" : stated;
}
