import type { ModelLimits } from "./options.ts";

/** MMS's limits, and for what MMS has none, what suits most models. */
export const DEFAULT_LIMITS: ModelLimits = {
  batchSize: 1,
  maxBatchDelay: 100,
  responseTimeout: 7_200_000,
  requestTimeout: 0,
  loadTimeout: 120_000,
  queueSize: 100,
  threads: 1,
  memoryLimit: 0,
  idleTimeout: 0,
};

/** MMS's limit on the size of an answer, in bytes. */
export const DEFAULT_MAX_RESPONSE_BYTES = 6_553_500;

/** What a service that is held in may take where nobody says, in bytes. */
const HELD_IN_BYTES = 3 * 1024 ** 3;

/** Returns limits of which memory is one. */
export function limitMemory(limits: ModelLimits): ModelLimits {
  const memoryLimit = limits.memoryLimit || HELD_IN_BYTES;
  return { ...limits, memoryLimit };
}

/** Returns, of each limit, the first that is stated. */
export function resolveLimits(
  stated: Partial<ModelLimits>,
  defaults: Partial<ModelLimits>,
): ModelLimits {
  const names = Object.keys(DEFAULT_LIMITS) as (keyof ModelLimits)[]; // All.
  const entries = names.map((name) => [
    name,
    stated[name] ?? defaults[name] ?? DEFAULT_LIMITS[name],
  ]);
  return Object.fromEntries(entries);
}
