import { transform } from "sucrase";
import { SourceError } from "./source_error.ts";

/**
 * Turns TypeScript into JavaScript, line by line: types go, and imports of
 * nothing but types.
 *
 * @throws {SourceError} if it is no TypeScript
 */
export function stripTypes(source: string): string {
  try {
    return transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      preserveDynamicImport: true,
    }).code;
  } catch (error) {
    throw SourceError.from(error);
  }
}
