import type { BatchQueue } from "../queue/batch_queue.ts";
import type { Worker } from "./worker.ts";

/**
 * Hands batches to workers as long as there are batches ready and workers with
 * room, each to the worker that has the fewest in hand, and sends them. What may
 * have ended a worker before runs alone.
 */
export function handOut(queue: BatchQueue, workers: readonly Worker[]): void {
  for (;;) {
    if (queue.length === 0) break;
    const alone = queue.isSuspect;
    const worker = freest(workers);
    if (worker === undefined || alone && worker.size > 0) break;
    const batch = queue.take();
    if (batch === undefined) break;
    worker.give(batch);
    if (alone) worker.isolate();
  }
  for (const worker of workers) worker.flush();
}

function freest(workers: readonly Worker[]): Worker | undefined {
  let best: Worker | undefined;
  for (const worker of workers) {
    if (worker.room <= 0) continue;
    if (best === undefined || worker.size < best.size) best = worker;
  }
  return best;
}
