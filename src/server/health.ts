import type { Registry } from "../workload/mod.ts";

/** The original's words for how many of the wanted workers there are. */
export type HealthText = "Healthy" | "Partial Healthy" | "Unhealthy";

/**
 * Compares the workers there are with those that are wanted. One that still
 * loads counts as there: requests wait for it.
 */
export function healthText(registry: Registry): HealthText {
  let wanted = 0;
  let there = 0;
  for (const model of registry.list()) {
    wanted += model.range.minWorkers;
    there += model.describe().workers.filter(({ status }) =>
      status === "READY" || status === "LOADING"
    ).length;
  }
  if (there === 0 && wanted > 0) return "Unhealthy";
  return there < wanted ? "Partial Healthy" : "Healthy";
}
