import {
  impliedInputType,
  type Signature,
  type SignatureInput,
} from "../../archive/mod.ts";
import { VERSION } from "../../version.ts";
import type { Model } from "../../workload/mod.ts";
import { INFERENCE_PATHS } from "./inference_paths.ts";
import { managementPaths } from "./management_paths.ts";
import {
  type Content,
  content,
  failures,
  type OpenApiDocument,
  type Operation,
  type Paths,
} from "./operation.ts";
import { BINARY, object, type Schema } from "./schema.ts";

/** Which APIs one address answers. */
export type Connector = "inference" | "management" | "shared";

/** What the description of an API depends on. */
export interface ApiLimits {
  /** Workers that callers may give a model. */
  readonly maxWorkers: number;
  /** Whether metrics are shown where predictions are answered. */
  readonly inferenceMetrics: boolean;
}

function pathsOf(
  connector: Connector,
  { maxWorkers, inferenceMetrics }: ApiLimits,
): Paths {
  const { "/metrics": metrics, ...others } = INFERENCE_PATHS;
  switch (connector) {
    case "inference":
      return metrics !== undefined && inferenceMetrics
        ? INFERENCE_PATHS
        : others;
    case "management":
      return managementPaths(maxWorkers);
    case "shared":
      return { ...INFERENCE_PATHS, ...managementPaths(maxWorkers) };
  }
}

/** Describes the API of an address. */
export function apiDocument(
  connector: Connector,
  limits: ApiLimits,
): OpenApiDocument {
  return {
    openapi: "3.0.1",
    info: {
      title: "Model Server APIs",
      description:
        `The API of mms ${VERSION}, a server of machine-learning models.`,
      version: "1.0.0",
    },
    paths: pathsOf(connector, limits),
  };
}

/** Describes what a model takes and gives. */
export function modelDocument({ name, archive }: Model): OpenApiDocument {
  const predict: Operation = {
    description: `Predicts with the model ${name}.`,
    operationId: name,
    parameters: [],
    requestBody: {
      description: "What the model takes.",
      content: inputContent(archive.signature),
      required: true,
    },
    responses: {
      200: { description: "OK", content: content("*/*", BINARY) },
      ...failures(404, 503, 504, 507),
    },
  };
  return {
    openapi: "3.0.1",
    info: { title: `RESTful API for: ${name}`, version: "1.0.0" },
    // The original leaves the s out, and answers on neither; mms does on both.
    paths: { [`/prediction/${name}`]: { post: predict } },
  };
}

/** The formats that the image service is sure to read. */
const IMAGES = ["image/jpeg", "image/png", "image/bmp", "image/gif"];

function inputContent(signature: Signature | undefined): Content {
  if (signature === undefined) return content("*/*", BINARY);
  const { inputs, inputType = impliedInputType(inputs) } = signature;
  if (inputType === "image/jpeg") {
    return Object.assign({}, ...IMAGES.map((type) => content(type, BINARY)));
  }
  const members = inputs.map((input) => [input.name, tensorSchema(input)]);
  return content("application/json", object(Object.fromEntries(members)));
}

/** Arrays within arrays, one for each axis of `shape`. */
function tensorSchema({ shape, dataType }: SignatureInput): Schema {
  const element: Schema = dataType === "string"
    ? { type: "string" }
    : { type: "number" };
  return shape.reduce<Schema>(
    (items) => ({ type: "array", items }),
    element,
  );
}
