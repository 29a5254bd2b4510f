import {
  type BooleanParameter,
  type IntegerParameter,
  type Parameter,
  RUNTIMES,
  SERVICES,
} from "./parameters.ts";

function integer(
  name: string,
  initial: number,
  about: Pick<Parameter, "description" | "minimum" | "maximum">,
): IntegerParameter {
  return { name, type: "integer", default: initial, ...about };
}

function boolean(
  name: string,
  initial: boolean,
  description: string,
): BooleanParameter {
  return { name, type: "boolean", default: initial, description };
}

function text(
  name: string,
  description: string,
  about: Pick<Parameter, "required" | "enum"> = {},
): Parameter {
  return { name, type: "string", description, ...about };
}

/** Requests that run together: more would not fit into a frame. */
const MAX_BATCH_SIZE = 10_000;
/** A day, in ms. */
const MAX_BATCH_DELAY = 86_400_000;
/** The longest that timers know, in seconds: 24 days. */
const MAX_RESPONSE_TIMEOUT = 2_147_483;

/** What `GET /models` takes. */
export const LIST = {
  limit: integer("limit", 100, {
    description: "How many models are listed at most, 0 to 100.",
    minimum: 0,
  }),
  nextPageToken: integer("next_page_token", 0, {
    description: "Where to go on: the nextPageToken of the page before.",
    minimum: 0,
  }),
  modelNamePattern: text(
    "model_name_pattern",
    "Has no effect, as in the original.",
  ),
} as const;

/** Parameters of one operation, by what the code calls them. */
export type ParameterTable = Readonly<Record<string, Parameter>>;

/** What `POST /models` takes, in its query or as members of a JSON object. */
export const REGISTER = {
  url: text(
    "url",
    "Where the model is: a path in the model store, an http, https or s3 url, or the name of a model of the zoo.",
    { required: true },
  ),
  modelUrl: text("model_url", "Another name of url."),
  modelName: text("model_name", "What it is called instead of its own name."),
  handler: text("handler", "Replaces the handler of its manifest."),
  runtime: text("runtime", "Replaces the runtime of its manifest.", {
    enum: RUNTIMES,
  }),
  service: text(
    "service",
    "auto: a built-in service where one does the work of the model's code; python: the code itself. The server's default may be either.",
    { enum: SERVICES },
  ),
  batchSize: integer("batch_size", 1, {
    description: "How many requests run together at most.",
    minimum: 1,
    maximum: MAX_BATCH_SIZE,
  }),
  maxBatchDelay: integer("max_batch_delay", 100, {
    description: "How long a request waits for others to run with, in ms.",
    minimum: 0,
    maximum: MAX_BATCH_DELAY,
  }),
  responseTimeout: integer("response_timeout", -1, {
    description:
      "How long a prediction may run: minutes in a query, seconds in JSON; -1 for the server's default.",
    minimum: -1,
    maximum: MAX_RESPONSE_TIMEOUT,
  }),
  initialWorkers: integer("initial_workers", 0, {
    description:
      "How many workers are started; the server's default may be another.",
    minimum: 0,
  }),
  synchronous: boolean(
    "synchronous",
    true,
    "Whether to answer only when the workers have loaded the model.",
  ),
  preloadModel: boolean(
    "preload_model",
    false,
    "Has no effect: workers do not share memory by forking.",
  ),
} as const;

/** What `PUT /models/{model_name}` takes. */
export const SCALE = {
  minWorker: integer("min_worker", 1, {
    description: "How many workers there are at all times.",
    minimum: 0,
  }),
  maxWorker: integer("max_worker", 1, {
    description:
      "How many there are while requests pile up; min_worker by default.",
    minimum: 0,
  }),
  numberGpu: integer("number_gpu", 0, {
    description: "Has no effect: models run on the CPU.",
  }),
  synchronous: boolean(
    "synchronous",
    false,
    "Whether to answer only when the workers have loaded the model.",
  ),
  timeout: integer("timeout", -1, { description: "Has no effect." }),
} as const;

/** What `DELETE /models/{model_name}` takes. */
export const UNREGISTER = {
  synchronous: boolean(
    "synchronous",
    true,
    "Has no effect: the answer comes when the model is gone.",
  ),
  timeout: integer("timeout", -1, {
    description: "Has no effect: unregister_model_timeout is the limit.",
  }),
} as const;

/** Returns what `POST /models` takes where a model may have so many workers. */
export function registerParameters(maxWorkers: number): ParameterTable & {
  readonly initialWorkers: IntegerParameter;
} {
  const initialWorkers = { ...REGISTER.initialWorkers, maximum: maxWorkers };
  return { ...REGISTER, initialWorkers };
}

/** Returns what `PUT /models/{model_name}` takes where a model may have so many workers. */
export function scaleParameters(maxWorkers: number): ParameterTable & {
  readonly minWorker: IntegerParameter;
  readonly maxWorker: IntegerParameter;
} {
  const minWorker = { ...SCALE.minWorker, maximum: maxWorkers };
  const maxWorker = { ...SCALE.maxWorker, maximum: maxWorkers };
  return { ...SCALE, minWorker, maxWorker };
}
