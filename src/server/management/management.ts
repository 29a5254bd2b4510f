import { MmsError } from "../../errors.ts";
import { redact } from "../../log.ts";
import type { Model, Registry, WorkerRange } from "../../workload/mod.ts";
import { type Answer, jsonAnswer, statusAnswer } from "../exchange/answer.ts";
import {
  LIST,
  REGISTER,
  registerParameters,
  SCALE,
  scaleParameters,
} from "./management_parameters.ts";
import {
  booleanParameter,
  integerParameter,
  type Parameters,
} from "./parameters.ts";
import { registerOptions, type Registration } from "./registration.ts";

/** Takes note of what callers change, so that it can outlive the process. */
export interface ChangeJournal {
  /** Hears of a model that was registered or scaled. */
  changed(model: Model): Promise<void>;
  /** Hears of a model that was unregistered. */
  unregistered(model: Model): Promise<void>;
}

/** What the management API needs. */
export interface ManagementOptions {
  readonly registry: Registry;
  /** Workers of a model that is registered without a number of them. */
  readonly defaultWorkers: number;
  /** Workers that callers may give a model. */
  readonly maxWorkers: number;
  /** How long unregistering waits for the model's last predictions, in ms. */
  readonly unregisterTimeout: number;
  /** Hears of every change. */
  readonly journal?: ChangeJournal | undefined;
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
      ...registerParameters(options.maxWorkers).initialWorkers,
      default: options.defaultWorkers,
    }),
  );
  const model = await options.registry.register({
    ...registerOptions(registration),
    minWorkers: workers,
    maxWorkers: workers,
  });
  const answer = await startWorkers(model, options, parameters);
  await options.journal?.changed(model);
  return answer;
}

/** A model that nobody can load does not stay. */
async function startWorkers(
  model: Model,
  { registry }: ManagementOptions,
  parameters: Parameters,
): Promise<Answer> {
  if (model.range.minWorkers === 0) {
    return statusAnswer(200, `Model "${model.name}" registered`);
  }
  try {
    return await changeWorkers(model, model.range, {
      synchronous: booleanParameter(parameters, REGISTER.synchronous),
    });
  } catch (error) {
    await registry.unregister(model.name, { timeout: 0 });
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
  options: ManagementOptions,
  name: string,
  parameters: Parameters,
): Promise<Answer> {
  const { registry, journal } = options;
  const { minWorker, maxWorker } = scaleParameters(options.maxWorkers);
  const minWorkers = integerParameter(parameters, minWorker);
  const maxWorkers = integerParameter(parameters, {
    ...maxWorker,
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
  const model = registry.get(name);
  const change = changeWorkers(model, { minWorkers, maxWorkers }, {
    synchronous: booleanParameter(parameters, SCALE.synchronous),
  });
  const [answer] = await Promise.all([change, journal?.changed(model)]);
  return answer;
}

/**
 * Answers `DELETE /models/{model_name}`.
 *
 * @throws {MmsError} `model_not_found` if there is none of that name,
 * `request_timeout` if its last predictions took too long
 */
export async function unregisterModel(
  { registry, journal, unregisterTimeout }: ManagementOptions,
  name: string,
): Promise<Answer> {
  const model = registry.get(name);
  await registry.unregister(name, { timeout: unregisterTimeout });
  await journal?.unregistered(model);
  return statusAnswer(200, `Model "${name}" unregistered`);
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
