import { MmsError } from "../errors.ts";
import { redact } from "../log.ts";
import type {
  Model,
  RegisterOptions,
  Registry,
  WorkerRange,
} from "../workload/mod.ts";
import { type Answer, jsonAnswer, statusAnswer } from "./answer.ts";
import { LIST, REGISTER, SCALE } from "./management_parameters.ts";
import {
  booleanParameter,
  integerParameter,
  type Parameters,
  runtimeParameter,
  serviceParameter,
} from "./parameters.ts";

/** What the management API needs. */
export interface ManagementOptions {
  readonly registry: Registry;
  /** Workers of a model that is registered without a number of them. */
  readonly defaultWorkers: number;
  /** How long unregistering waits for the model's last predictions, in ms. */
  readonly unregisterTimeout: number;
}

/** What a registration reads its parameters from. */
export interface Registration {
  readonly parameters: Parameters;
  /** What the unit of `response_timeout` is, in ms: minutes in a query, seconds in JSON. */
  readonly timeoutUnit: number;
}

const MAX_PAGE = 100;

/** Answers `GET /models`. */
export function listModels(
  { registry }: ManagementOptions,
  parameters: Parameters,
): Answer {
  const asked = integerParameter(parameters, LIST.limit);
  const limit = asked < 0 || asked > MAX_PAGE ? MAX_PAGE : asked;
  const start = Math.max(0, integerParameter(parameters, LIST.nextPageToken));
  const models = registry.list();
  const end = start + limit;
  return jsonAnswer(200, {
    nextPageToken: limit > 0 && end < models.length ? String(end) : undefined,
    models: models.slice(start, end).map(({ name, url }) => ({
      modelName: name,
      modelUrl: redact(url),
    })),
  });
}

/**
 * Answers `POST /models`.
 *
 * @throws {MmsError} `bad_request` if a parameter is missing or wrong,
 * `conflict` if the name is taken, `load_failed` or `out_of_memory` if no worker
 * could load the model, and whatever opening the archive throws
 */
export async function registerModel(
  options: ManagementOptions,
  registration: Registration,
): Promise<Answer> {
  const { parameters } = registration;
  const workers = Math.max(
    0,
    integerParameter(parameters, {
      ...REGISTER.initialWorkers,
      default: options.defaultWorkers,
    }),
  );
  const model = await options.registry.register({
    ...registerOptions(registration),
    minWorkers: workers,
    maxWorkers: workers,
  });
  if (workers === 0) {
    return statusAnswer(200, `Model "${model.name}" registered`);
  }
  try {
    return await changeWorkers(model, model.range, {
      synchronous: booleanParameter(parameters, REGISTER.synchronous),
    });
  } catch (error) {
    await options.registry.unregister(model.name, { timeout: 0 });
    throw error;
  }
}

/**
 * Answers `GET /models/{model_name}`.
 *
 * @throws {MmsError} `model_not_found` if there is none of that name
 */
export function describeModel(
  { registry }: ManagementOptions,
  name: string,
): Answer {
  const description = registry.get(name).describe();
  const modelUrl = redact(description.modelUrl);
  return jsonAnswer(200, { ...description, modelUrl });
}

/**
 * Answers `PUT /models/{model_name}`.
 *
 * @throws {MmsError} `bad_request` if the numbers contradict each other,
 * `model_not_found` if there is none of that name, `load_failed` or
 * `out_of_memory` if no worker could load the model
 */
export async function scaleModel(
  { registry }: ManagementOptions,
  name: string,
  parameters: Parameters,
): Promise<Answer> {
  const minWorkers = integerParameter(parameters, SCALE.minWorker);
  const maxWorkers = integerParameter(parameters, {
    ...SCALE.maxWorker,
    default: minWorkers,
  });
  if (maxWorkers < minWorkers) {
    throw new MmsError(
      "bad_request",
      "max_worker cannot be less than min_worker.",
    );
  }
  if (minWorkers < 0) {
    throw new MmsError("bad_request", "min_worker cannot be less than 0.");
  }
  return await changeWorkers(registry.get(name), { minWorkers, maxWorkers }, {
    synchronous: booleanParameter(parameters, SCALE.synchronous),
  });
}

/**
 * Answers `DELETE /models/{model_name}`.
 *
 * @throws {MmsError} `model_not_found` if there is none of that name,
 * `request_timeout` if its last predictions took too long
 */
export async function unregisterModel(
  { registry, unregisterTimeout }: ManagementOptions,
  name: string,
): Promise<Answer> {
  await registry.unregister(name, { timeout: unregisterTimeout });
  return statusAnswer(200, `Model "${name}" unregistered`);
}

function registerOptions(
  { parameters, timeoutUnit }: Registration,
): RegisterOptions {
  const url = parameters.get(REGISTER.url.name) ??
    parameters.get(REGISTER.modelUrl.name);
  if (url === undefined || url === "") {
    throw new MmsError("bad_request", "Parameter url is required.");
  }
  const runtime = runtimeParameter(parameters);
  const service = serviceParameter(parameters);
  const name = parameters.get(REGISTER.modelName.name);
  const handler = parameters.get(REGISTER.handler.name);
  const timeout = integerParameter(parameters, REGISTER.responseTimeout);
  return {
    url,
    batchSize: Math.max(1, integerParameter(parameters, REGISTER.batchSize)),
    maxBatchDelay: Math.max(
      0,
      integerParameter(parameters, REGISTER.maxBatchDelay),
    ),
    ...(name ? { name } : {}),
    ...(handler === undefined ? {} : { handler }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(service === undefined ? {} : { service }),
    ...(timeout < 0 ? {} : { responseTimeout: timeout * timeoutUnit }),
  };
}

async function changeWorkers(
  model: Model,
  range: WorkerRange,
  { synchronous }: { readonly synchronous: boolean },
): Promise<Answer> {
  const { done } = model.scale(range);
  if (!synchronous) return statusAnswer(202, "Processing worker updates...");
  const outcome = await done;
  switch (outcome.status) {
    case "scaled":
      return statusAnswer(200, "Workers scaled");
    case "partial":
      return statusAnswer(210, "Workers scaling in progress...");
    case "failed":
      throw new MmsError(
        outcome.outOfMemory ? "out_of_memory" : "load_failed",
        "Failed to start workers",
        { cause: outcome.reason },
      );
  }
}
