import type { Parameter } from "../management/parameters.ts";

/** The part of OpenAPI 3.0's schema object that is used here. */
export interface Schema {
  readonly type?:
    | "string"
    | "integer"
    | "number"
    | "boolean"
    | "object"
    | "array";
  readonly format?: "binary" | "date-time" | "int64";
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly default?: number | boolean | string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Returns the schema of a text. */
export function text(description: string, values?: readonly string[]): Schema {
  return {
    type: "string",
    description,
    ...(values === undefined ? {} : { enum: values }),
  };
}

/** Returns the schema of a whole number. */
export function integer(description: string): Schema {
  return { type: "integer", description };
}

/** Returns the schema of an object; all of its members are there unless `optional`. */
export function object(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: "object",
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

/** Whatever bytes a model takes or gives. */
export const BINARY: Schema = { type: "string", format: "binary" };

/** What is answered to a request that failed. */
export const ERROR: Schema = object({
  code: integer("The HTTP status, once more."),
  type: text("What kind of failure it is."),
  message: text("What went wrong."),
});

/** What is answered where there is no more to say than that it is done. */
export const STATUS: Schema = object({ status: text("What was done.") });

/** Returns the schema of a parameter. */
export function parameterSchema(parameter: Parameter): Schema {
  const { type, default: initial, minimum, maximum, enum: values } = parameter;
  return {
    type,
    ...(initial === undefined ? {} : { default: initial }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(values === undefined ? {} : { enum: values }),
  };
}
