import type { ModelMetrics } from "../../metrics.ts";
import type { Handed } from "./in_flight.ts";
import type { PredictedRead } from "../protocol/reply_reader.ts";

/** Counts the jobs of a batch that has left the queue. */
export function countHanded(metrics: ModelMetrics, handed: Handed): void {
  for (const { acceptedAt } of handed.batch) {
    metrics.waited(handed.at - acceptedAt);
  }
}

/** Counts a batch that has been answered, `now` in ms of the clock. */
export function countAnswered(
  metrics: ModelMetrics,
  handed: Handed,
  answer: { readonly reply: PredictedRead; readonly now: number },
): void {
  const { ms, stages } = answer.reply;
  metrics.ran({
    size: handed.batch.length,
    ms,
    roundTripMs: answer.now - handed.at,
    stages,
    requestIds: () => handed.batch.map(({ inputs }) => inputs.requestId),
  });
  for (const metric of answer.reply.metrics) metrics.measured(metric);
}
