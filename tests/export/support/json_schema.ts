/**
 * The part of JSON Schema (draft 4 and later) that legacy manifests need.
 *
 * @module
 */

/** What a schema may say. */
export interface JsonSchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Returns what of a value breaks its schema, a line each. */
export function schemaViolations(
  value: unknown,
  schema: JsonSchema,
  definitions = schema.definitions ?? {},
): readonly string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/definitions/", "");
    return schemaViolations(value, definitions[name]!, definitions);
  }
  const isObject = typeof value === "object" && value !== null &&
    !Array.isArray(value);
  const type = isObject ? "object" : typeof value;
  if (schema.type !== undefined && type !== schema.type) {
    return [`${JSON.stringify(value)} is not of type ${schema.type}`];
  }
  if (!isObject) return [];
  const missing = (schema.required ?? []).filter((key) => !(key in value));
  return [
    ...missing.map((key) => `${key} is missing`),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
      key in value
        ? schemaViolations(Reflect.get(value, key), property, definitions)
        : []
    ),
  ];
}
