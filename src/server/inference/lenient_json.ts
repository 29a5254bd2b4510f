import { MmsError } from "../../errors.ts";

// A string in double quotes stays as it is; one in single quotes is rewritten.
const STRINGS = /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/gs;

/**
 * Reads an object of parameters. As in the original its strings may stand in
 * single quotes, and numbers and booleans count as their text. Keys with other
 * values are left out.
 *
 * @throws {MmsError} `bad_request` if the text is no JSON object
 */
export function parseParameters(text: string): ReadonlyMap<string, string> {
  const value = parseLenient(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MmsError(
      "bad_request",
      "Cannot read the body: it is not a JSON object",
    );
  }
  const scalars = Object.entries(value).flatMap(([key, scalar]) =>
    ["string", "number", "boolean"].includes(typeof scalar)
      ? [[key, String(scalar)] as const]
      : []
  );
  return new Map(scalars);
}

function parseLenient(text: string): unknown {
  try {
    return JSON.parse(text.replace(STRINGS, requote));
  } catch (cause) {
    throw new MmsError(
      "bad_request",
      "Cannot read the body: it is not valid JSON",
      { cause },
    );
  }
}

function requote(string: string, inner: string | undefined): string {
  if (inner === undefined) return string;
  const escaped = inner.replaceAll("\\'", "'").replace(
    /\\.|"/gs,
    (found) => found === '"' ? '\\"' : found,
  );
  return `"${escaped}"`;
}
