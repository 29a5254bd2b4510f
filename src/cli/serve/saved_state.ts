import type { Model, RegisterOptions } from "../../workload/mod.ts";

/** A model as it was registered and scaled. */
export type SavedModel =
  & Required<
    Pick<
      RegisterOptions,
      | ("name" | "url" | "batchSize" | "maxBatchDelay")
      | ("minWorkers" | "maxWorkers")
    >
  >
  & Pick<
    RegisterOptions,
    "handler" | "runtime" | "service" | "responseTimeout"
  >;

/** What callers of the management API have changed. */
export interface SavedState {
  /** Models that they registered or scaled. */
  readonly models: readonly SavedModel[];
  /** Models served from the start that they unregistered. */
  readonly unregistered: readonly Pick<SavedModel, "name" | "url">[];
}

/** Returns what is to be kept of a model. */
export function savedModel(model: Model): SavedModel {
  const { handler, runtime, service, responseTimeout } = model.registration;
  const { batchSize, maxBatchDelay } = model.limits;
  return {
    name: model.name,
    url: model.url,
    ...(handler === undefined ? {} : { handler }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(service === undefined ? {} : { service }),
    batchSize,
    maxBatchDelay,
    ...(responseTimeout === undefined ? {} : { responseTimeout }),
    ...model.range,
  };
}

/** The version of what is written. */
export const STATE_VERSION = 1;
/** Files have seconds, as JSON over the API. */
export const SECOND_MS = 1000;

/** Writes a state as {@linkcode readState} reads it, in the words of the API. */
export function formatState({ models, unregistered }: SavedState): string {
  const state = {
    version: STATE_VERSION,
    models: models.map((model) => ({
      model_name: model.name,
      url: model.url,
      handler: model.handler,
      runtime: model.runtime,
      service: model.service,
      batch_size: model.batchSize,
      max_batch_delay: model.maxBatchDelay,
      response_timeout: model.responseTimeout === undefined
        ? undefined
        : model.responseTimeout / SECOND_MS,
      min_worker: model.minWorkers,
      max_worker: model.maxWorkers,
    })),
    unregistered: unregistered.map(({ name, url }) => ({
      model_name: name,
      url,
    })),
  };
  return `${JSON.stringify(state, undefined, 2)}\n`;
}
