import type { BatchQueue } from "./batch_queue.ts";
import type { Worker } from "./worker.ts";

/**
 * Hands batches to workers as long as there are batches ready and workers with
 * room, each to the worker that has the fewest in hand, and sends them.
 */
export function handOut(queue: BatchQueue, workers: readonly Worker[]): void {
  for (;;) {
    const worker = queue.length > 0 ? freest(workers) : undefined;
    const batch = worker === undefined ? undefined : queue.take();
    if (worker === undefined || batch === undefined) break;
    worker.give(batch);
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
