import type { ModelStatus } from "../description.ts";
import type { ScaleOutcome } from "../options.ts";
import type { Worker } from "./worker.ts";

/** Says what came of having those workers load their model. */
export function scaleOutcome(wanted: readonly Worker[]): ScaleOutcome {
  const running = countReady(wanted);
  if (running === wanted.length) return { status: "scaled", running };
  if (running > 0) return { status: "partial", running };
  const reason = wanted.findLast((worker) => worker.reason)?.reason;
  return {
    status: "failed",
    running: 0,
    reason: reason?.message ?? "its workers were stopped",
    outOfMemory: reason?.code === "out_of_memory",
  };
}

/** Returns how many workers answer batches. */
export function countReady(workers: readonly Worker[]): number {
  return workers.filter(({ status }) => status === "READY").length;
}

/** Says what they are doing on the whole. */
export function commonStatus(
  workers: readonly Worker[],
): Exclude<ModelStatus, "UNLOADING"> {
  if (workers.length === 0) return "IDLE";
  if (countReady(workers) > 0) return "READY";
  return commonFailure(workers) === undefined ? "LOADING" : "FAILED";
}

/** Says why the last of them could not load the model, if none could. */
export function commonFailure(workers: readonly Worker[]): string | undefined {
  const failed = workers.every(({ status }) => status === "FAILED");
  return failed ? workers.at(-1)?.reason?.message : undefined;
}
