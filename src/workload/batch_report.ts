import type { Handed } from "./in_flight.ts";
import type { StageTimes } from "./messages.ts";
import type { PredictedRead } from "./reply_reader.ts";

/** What a batch cost. */
export interface BatchReport {
  /** How long each of its requests waited for it, in ms. */
  readonly waits: readonly number[];
  /** How long it ran, in ms. */
  readonly ms: number;
  /** How long its stages took, in ms, where the service tells. */
  readonly stages: StageTimes;
}

/** Says what a batch cost that has been answered. */
export function reportOf(handed: Handed, reply: PredictedRead): BatchReport {
  return {
    waits: handed.batch.map(({ acceptedAt }) => handed.at - acceptedAt),
    ms: reply.ms,
    stages: reply.stages,
  };
}
