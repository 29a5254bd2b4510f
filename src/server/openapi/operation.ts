import { reasonOf, type Status } from "../exchange/answer.ts";
import type { Parameter } from "../management/parameters.ts";
import { ERROR, parameterSchema, type Schema } from "./schema.ts";

/** OpenAPI 3.0's media type objects, by media type. */
export type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** OpenAPI 3.0's response object. */
export interface ResponseObject {
  readonly description: string;
  readonly content?: Content;
}

/** OpenAPI 3.0's parameter object. */
export interface ParameterObject {
  readonly in: "path" | "query";
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** OpenAPI 3.0's operation object. */
export interface Operation {
  readonly description: string;
  readonly operationId: string;
  readonly parameters: readonly ParameterObject[];
  readonly requestBody?: {
    readonly description: string;
    readonly content: Content;
    readonly required: boolean;
  };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly deprecated?: true;
}

/** OpenAPI 3.0's path items, by path. */
export type Paths = Readonly<
  Record<
    string,
    Readonly<
      Partial<
        Record<"get" | "put" | "post" | "delete" | "options", Operation>
      >
    >
  >
>;

/** A whole description of an API. */
export interface OpenApiDocument {
  readonly openapi: "3.0.1";
  readonly info: {
    readonly title: string;
    readonly description?: string;
    readonly version: string;
  };
  readonly paths: Paths;
}

/** Returns content of one media type. */
export function content(mediaType: string, schema: Schema): Content {
  return { [mediaType]: { schema } };
}

/** Returns an answer in JSON. */
export function jsonResponse(
  description: string,
  schema: Schema,
): ResponseObject {
  return { description, content: content("application/json", schema) };
}

/** What any request may be answered: it was no HTTP, not allowed, too slow, too large. */
const ALWAYS: readonly Status[] = [400, 401, 403, 408, 413, 417, 500];

/** Returns the answers that tell of failures: those that are always possible, and others. */
export function failures(
  ...others: readonly Status[]
): Readonly<Record<string, ResponseObject>> {
  const statuses = [...ALWAYS, ...others].sort();
  return Object.fromEntries(statuses.map((status) => [
    String(status),
    jsonResponse(reasonOf(status), ERROR),
  ]));
}

/** Returns the parameters of a query. */
export function queryParameters(
  parameters: Readonly<Record<string, Parameter>>,
): readonly ParameterObject[] {
  return Object.values(parameters).map((parameter) => ({
    in: "query",
    name: parameter.name,
    description: parameter.description,
    required: parameter.required ?? false,
    schema: parameterSchema(parameter),
  }));
}

/** The name of a model as a part of the path. */
export const MODEL_NAME: ParameterObject = {
  in: "path",
  name: "model_name",
  description: "The name of a model.",
  required: true,
  schema: { type: "string" },
};
