import { counter, type Family, gauge, type Sample } from "./family.ts";
import type { MetricsState, ModelState } from "./state.ts";

/** What a worker may be doing; each is shown for each model, if only as 0. */
const WORKER_STATES = ["loading", "ready", "failed", "unloading"] as const;

/** Returns what is so at the moment. */
export function stateFamilies(state: MetricsState): readonly Family[] {
  const models = [...state.models()];
  const dropped = state.droppedLogLines?.();
  return [
    gauge({
      name: "mms_queue_length",
      help: "Requests that wait for a worker.",
    }, models.map(queueLength)),
    gauge({
      name: "mms_workers",
      help: "Workers by what they are doing.",
    }, models.flatMap(workerCounts)),
    gauge({
      name: "mms_worker_resident_memory_bytes",
      help: "Resident memory of a worker.",
    }, models.flatMap(workerMemory)),
    counter({
      name: "mms_log_lines_dropped_total",
      help: "Lines of logs that could not be written.",
    }, dropped === undefined ? [] : [{ labels: {}, value: dropped }]),
  ];
}

function queueLength({ name, queueLength }: ModelState): Sample {
  return { labels: { model: name }, value: queueLength };
}

function workerMemory({ name, workers }: ModelState): readonly Sample[] {
  return workers.map(({ id, memoryUsage }) => ({
    labels: { model: name, worker: id },
    value: memoryUsage,
  }));
}

function workerCounts({ name, workers }: ModelState): readonly Sample[] {
  return WORKER_STATES.map((state) => ({
    labels: { model: name, state },
    value: workers.filter(({ status }) => status.toLowerCase() === state)
      .length,
  }));
}
