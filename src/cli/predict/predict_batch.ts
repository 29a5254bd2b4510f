import type { Inputs, Prediction, Service } from "../../service/mod.ts";
import { nameOf, readFields, type Request } from "./predict_input.ts";
import type { StageTimes } from "./predict_times.ts";

/** What became of one request. */
export interface Outcome {
  /** What the user called it. */
  readonly name: string;
  /** Whether its files could be read. */
  readonly isRead: boolean;
  /** What the model made of it, or why nothing. */
  readonly result: PromiseSettledResult<Prediction>;
}

/**
 * Reads and predicts requests together; one that fails, fails alone. The
 * service is asked for once there is something to predict.
 */
export async function predictBatch(
  requests: readonly Request[],
  loaded: () => Promise<Service>,
  times: StageTimes,
): Promise<readonly Outcome[]> {
  const read = await Promise.allSettled(requests.map(readInputs));
  const inputs = read.filter((it) => it.status === "fulfilled")
    .map(({ value }) => value);
  const predicted = inputs.length === 0 ? [] : await (await loaded()).predict(
    inputs,
    (stage, ms) => times.add(stage, ms),
  );
  const results = new Map(inputs.map((it, i) => [it, predicted[i]!]));
  return read.map((it, i) => ({
    name: nameOf(requests[i]!),
    isRead: it.status === "fulfilled",
    result: it.status === "fulfilled" ? results.get(it.value)! : it,
  }));
}

async function readInputs(request: Request): Promise<Inputs> {
  const fields = await readFields(request);
  return { requestId: crypto.randomUUID(), fields, headers: {} };
}
