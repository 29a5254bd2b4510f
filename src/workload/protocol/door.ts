import { MmsError } from "../../errors.ts";

/** A parsed JSON object, whatever it holds. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws {MmsError} `worker_died` unless `value` is an object */
export function requireObject(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject; // Every property of an object may be read.
  }
  refuse(what, "an object");
}

/** @throws {MmsError} `worker_died` unless `value` is an array */
export function requireArray(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(what, "an array");
}

/** @throws {MmsError} `worker_died` unless `value` is text */
export function requireText(value: unknown, what: string): string {
  return typeof value === "string" ? value : refuse(what, "text");
}

/** @throws {MmsError} `worker_died` unless `value` is a number of 0 or more */
export function requireAmount(value: unknown, what: string): number {
  return typeof value === "number" && value >= 0
    ? value
    : refuse(what, "a number, 0 or more");
}

/** @throws {MmsError} `worker_died` unless `value` is an integer of 0 or more */
export function requireCount(value: unknown, what: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? value as number // An integer is a number.
    : refuse(what, "an integer, 0 or more");
}

/** @throws {MmsError} `worker_died` unless `value` is an object of texts */
export function requireTexts(
  value: unknown,
  what: string,
): Readonly<Record<string, string>> {
  const object = requireObject(value, what);
  for (const name in object) requireText(object[name], what);
  return object as Readonly<Record<string, string>>; // Each one was looked at.
}

/** Refuses a message. */
export function refuse(what: string, right: string): never {
  throw new MmsError(
    "worker_died",
    `Cannot read a message: its ${what} must be ${right}`,
  );
}
