import type { ModelArchive } from "../archive/mod.ts";
import { MmsError } from "../errors.ts";
import type { Inputs, Prediction, Service } from "../service/mod.ts";
import type { WorkerLaunch } from "./process/launch.ts";
import type { Model } from "./registry/model.ts";
import { Registry } from "./registry/registry.ts";

/** How a service is run in a worker. */
export interface WorkerServiceOptions {
  /** How the worker is started. */
  readonly launch: WorkerLaunch;
  /** Requests that run together. */
  readonly batchSize: number;
  /** Threads within one operator. */
  readonly threads: number;
  /** Where the worker keeps what it makes of the model's files. */
  readonly cacheFolder?: string | undefined;
  /** The largest answer, in bytes. */
  readonly maxResponseSize?: number;
  /** Ends the loading, and predictions. */
  readonly signal: AbortSignal;
}

/** Others join a batch at once, or not at all, in ms. */
const BATCH_DELAY_MS = 5;

/** How long the worker may take to end by itself, in ms. */
const END_MS = 1000;

/**
 * Loads the service of a model in a worker of its own, as a server does; the
 * worker ends when the service is disposed of.
 *
 * @throws {MmsError} `load_failed` if it cannot be loaded
 */
export async function workerService(
  archive: ModelArchive,
  options: WorkerServiceOptions,
): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(
    new Registry({
      ...options,
      logsFailures: false,
      open: () =>
        Promise.resolve({
          archive,
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
    }),
  );
  stack.defer(() => registry.close(END_MS));
  const model = await load(registry, archive, options);
  const held = stack.move();
  return {
    warmUp: () => Promise.resolve(),
    predict: (batch) => predict(model, batch, options.signal),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function load(
  registry: Registry,
  archive: ModelArchive,
  { batchSize, threads, signal }: WorkerServiceOptions,
): Promise<Model> {
  const range = { minWorkers: 1, maxWorkers: 1 };
  const model = await registry.register({
    ...range,
    url: archive.folder,
    name: archive.name,
    loadedAtStartup: true,
    batchSize,
    maxBatchDelay: BATCH_DELAY_MS,
    threads,
  });
  const giveUp = () => void registry.close(0);
  signal.addEventListener("abort", giveUp);
  const outcome = await model.scale(range).done;
  signal.removeEventListener("abort", giveUp);
  if (outcome.status !== "failed") return model;
  throw new MmsError("load_failed", outcome.reason);
}

function predict(
  model: Model,
  batch: readonly Inputs[],
  signal: AbortSignal,
): Promise<PromiseSettledResult<Prediction>[]> {
  return Promise.allSettled(
    batch.map((inputs) => model.predict(inputs, signal)),
  );
}
