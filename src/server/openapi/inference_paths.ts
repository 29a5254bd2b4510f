import {
  content,
  failures,
  jsonResponse,
  MODEL_NAME,
  type Operation,
  type Paths,
  type ResponseObject,
} from "./operation.ts";
import { BINARY, object, STATUS, text } from "./schema.ts";

/** What a model may answer, and what may go wrong before it does. */
const PREDICTION: Operation["responses"] = {
  200: {
    description: "What the model answers.",
    content: content("*/*", BINARY),
  },
  ...failures(404, 503, 504, 507),
  default: {
    description: "What the model answers with a status of its own.",
    content: content("*/*", BINARY),
  },
};

const INPUT: NonNullable<Operation["requestBody"]> = {
  description:
    "What the model takes: one body, or a form with a field for each input.",
  content: content("*/*", BINARY),
  required: true,
};

const DOCUMENT: ResponseObject = jsonResponse(
  "An OpenAPI 3.0.1 document.",
  object({
    openapi: text("The version of OpenAPI."),
    info: { type: "object" },
    paths: { type: "object" },
  }),
);

/** What describes the API itself, on both connectors. */
export const DESCRIBE_API: Operation = {
  description: "Describes this API.",
  operationId: "apiDescription",
  parameters: [],
  responses: { 200: DOCUMENT, ...failures() },
};

const INVOKE: Operation = {
  description: "Predicts, for SageMaker.",
  operationId: "invocations",
  parameters: [{
    in: "query",
    name: "model_name",
    description:
      "The name of a model; it may be left out where one model alone is served from the start.",
    required: false,
    schema: { type: "string" },
  }],
  requestBody: {
    ...INPUT,
    content: {
      ...content("*/*", BINARY),
      ...content(
        "multipart/form-data",
        object({ data: { ...BINARY, description: "What the model takes." } }),
      ),
    },
  },
  responses: PREDICTION,
};

/** What Prometheus reads, on both connectors. */
export const METRICS: Operation = {
  description: "Tells what the server has counted, for Prometheus.",
  operationId: "metrics",
  parameters: [],
  responses: {
    200: {
      description: "All that was counted, in Prometheus's text format.",
      content: content("text/plain", { type: "string" }),
    },
    ...failures(405),
  },
};

const HEALTH = object({ status: text("How the server is.") });

/** The paths of the inference API, in the original's order, its own last. */
export const INFERENCE_PATHS: Paths = {
  "/": { options: DESCRIBE_API },
  "/{model_name}/predict": {
    post: {
      description: "Predicts, as in MMS 0.4.",
      operationId: "predict",
      parameters: [MODEL_NAME],
      requestBody: INPUT,
      responses: PREDICTION,
      deprecated: true,
    },
  },
  "/ping": {
    get: {
      description: "Tells how many of the wanted workers there are.",
      operationId: "ping",
      parameters: [],
      responses: {
        200: jsonResponse("How the server is.", STATUS),
        ...failures(),
        503: jsonResponse("No model can be served.", STATUS),
      },
    },
  },
  "/predictions/{model_name}": {
    post: {
      description: "Predicts. The method OPTIONS tells what a model takes.",
      operationId: "predictions",
      parameters: [MODEL_NAME],
      requestBody: INPUT,
      responses: PREDICTION,
    },
    options: {
      description: "Describes what a model takes and gives.",
      operationId: "predictionsApi",
      parameters: [MODEL_NAME],
      responses: { 200: DOCUMENT, ...failures(404) },
    },
  },
  "/api-description": {
    get: {
      ...DESCRIBE_API,
      operationId: "getApiDescription",
      deprecated: true,
    },
  },
  "/invocations": { post: INVOKE },
  "/models/{model_name}/invoke": {
    post: {
      ...INVOKE,
      operationId: "invokeModel",
      parameters: [MODEL_NAME],
    },
  },
  "/health/live": {
    get: {
      description: "Tells whether the server answers at all.",
      operationId: "live",
      parameters: [],
      responses: { 200: jsonResponse("It does.", HEALTH), ...failures() },
    },
  },
  "/health/ready": {
    get: {
      description: "Tells whether every model of the start can be served.",
      operationId: "ready",
      parameters: [],
      responses: {
        200: jsonResponse("They can.", HEALTH),
        ...failures(),
        503: jsonResponse("Not yet, or no more.", HEALTH),
      },
    },
  },
  "/metrics": { get: METRICS },
};
