import {
  LIST,
  registerParameters,
  scaleParameters,
  UNREGISTER,
} from "../management/management_parameters.ts";
import { DESCRIBE_API, METRICS } from "./inference_paths.ts";
import {
  failures,
  jsonResponse,
  MODEL_NAME,
  type Operation,
  type Paths,
  queryParameters,
} from "./operation.ts";
import { integer, object, type Schema, STATUS, text } from "./schema.ts";

const MODELS: Schema = object({
  models: {
    type: "array",
    items: object({
      modelName: text("What it is called."),
      modelUrl: text("Where it is, as it was registered."),
    }),
    description: "The models, by name.",
  },
}, {
  nextPageToken: text("Where the next page begins, if there is one."),
});

const WORKER: Schema = object({
  id: text("The same for as long as the worker is wanted."),
  startTime: {
    type: "string",
    format: "date-time",
    description: "When its process was started.",
  },
  status: text("What it is doing.", [
    "READY",
    "LOADING",
    "FAILED",
    "UNLOADING",
  ]),
  gpu: { type: "boolean", description: "Whether it uses a GPU." },
  memoryUsage: {
    type: "integer",
    format: "int64",
    description: "Its resident memory, in bytes.",
  },
});

const MODEL: Schema = object({
  modelName: text("What it is called."),
  modelUrl: text("Where it is, as it was registered."),
  runtime: text("What runs its service."),
  minWorkers: integer("Workers kept at all times."),
  maxWorkers: integer("Workers kept while requests pile up."),
  batchSize: integer("How many requests run together at most."),
  maxBatchDelay: integer("How long a request waits for others, in ms."),
  loadedAtStartup: {
    type: "boolean",
    description: "Whether it is served from the start.",
  },
  status: text("What it is doing.", [
    "IDLE",
    "LOADING",
    "READY",
    "FAILED",
    "UNLOADING",
  ]),
  workers: { type: "array", items: WORKER, description: "Its workers." },
}, {
  modelVersion: text("Its version, as its manifest has it."),
  engine: text("The framework that it was made with."),
  service: text("Which service it got."),
  serviceReason: text("Why it got that one."),
  reason: text("Why its workers cannot load it."),
});

/** What may come of a change in the number of workers. */
const SCALED: Operation["responses"] = {
  200: jsonResponse("The workers are there.", STATUS),
  202: jsonResponse("The workers are on their way.", STATUS),
  210: jsonResponse("Some of the workers are there.", STATUS),
};

/**
 * Returns the paths of the management API, in the original's order, where
 * callers may give a model so many workers.
 */
export function managementPaths(maxWorkers: number): Paths {
  return {
    "/": { options: DESCRIBE_API },
    "/models": modelsPath(maxWorkers),
    "/models/{model_name}": modelPath(maxWorkers),
    "/metrics": { get: METRICS },
  };
}

function modelsPath(maxWorkers: number): Paths[string] {
  return {
    get: {
      description: "Lists the registered models.",
      operationId: "listModels",
      parameters: queryParameters(LIST),
      responses: { 200: jsonResponse("A page.", MODELS), ...failures() },
    },
    post: {
      description:
        "Registers a model. The parameters may be members of a JSON object instead.",
      operationId: "registerModel",
      parameters: queryParameters(registerParameters(maxWorkers)),
      responses: { ...SCALED, ...failures(404, 409, 507) },
    },
  };
}

function modelPath(maxWorkers: number): Paths[string] {
  return {
    get: {
      description: "Describes a model.",
      operationId: "describeModel",
      parameters: [MODEL_NAME],
      responses: { 200: jsonResponse("It is this.", MODEL), ...failures(404) },
    },
    put: {
      description: "Changes how many workers a model has.",
      operationId: "setAutoScale",
      parameters: [MODEL_NAME, ...queryParameters(scaleParameters(maxWorkers))],
      responses: { ...SCALED, ...failures(404, 507) },
    },
    delete: {
      description: "Unregisters a model, once its last requests are answered.",
      operationId: "unregisterModel",
      parameters: [MODEL_NAME, ...queryParameters(UNREGISTER)],
      responses: {
        200: jsonResponse("It is gone.", STATUS),
        202: jsonResponse("It is going.", STATUS),
        ...failures(404),
      },
    },
  };
}
