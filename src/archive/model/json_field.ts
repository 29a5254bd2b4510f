import { MmsError } from "../../errors.ts";

/** A value within a JSON file, and how to name it to the user. */
export interface JsonField {
  readonly file: string;
  /** Such as `inputs[0].data_shape`; `""` for the whole file. */
  readonly where: string;
  readonly value: unknown;
}

/** Returns the member `key` of an object; its value may be `undefined`. */
export function member(parent: JsonField, key: string): JsonField {
  return {
    file: parent.file,
    where: parent.where === "" ? key : `${parent.where}.${key}`,
    value: isRecord(parent.value) && Object.hasOwn(parent.value, key)
      ? parent.value[key]
      : undefined,
  };
}

/** Returns whether the field is there, and not null. */
export function isPresent(field: JsonField): boolean {
  return field.value !== undefined && field.value !== null;
}

/** Returns whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns what `read` makes of the field, or `undefined` where it is absent.
 */
export function optional<T>(
  field: JsonField,
  read: (field: JsonField) => T,
): T | undefined {
  return isPresent(field) ? read(field) : undefined;
}

/**
 * Returns the field if it is an object.
 *
 * @throws {MmsError} `invalid_archive` otherwise
 */
export function record(field: JsonField): JsonField {
  if (!isRecord(field.value)) reject(field, "an object");
  return field;
}

/**
 * Returns a text; a number counts as its digits, as it did for Gson.
 *
 * @throws {MmsError} `invalid_archive` if it is neither
 */
export function text(field: JsonField): string {
  if (typeof field.value === "number") return String(field.value);
  if (typeof field.value !== "string") reject(field, "a text");
  return field.value;
}

/**
 * Returns the text if it is one of `choices`.
 *
 * @throws {MmsError} `invalid_archive` otherwise
 */
export function choice<const T extends string>(
  field: JsonField,
  choices: readonly T[],
): T {
  const found = choices.find((it) => it === field.value);
  return found ??
    reject(field, choices.map((it) => JSON.stringify(it)).join(" or "));
}

/**
 * Returns a finite number.
 *
 * @throws {MmsError} `invalid_archive` if it is not one
 */
export function number(field: JsonField): number {
  // JSON.parse reads 1e999 as Infinity.
  if (!Number.isFinite(field.value)) reject(field, "a number");
  return field.value as number;
}

/**
 * Returns a whole number of at least `least`.
 *
 * @throws {MmsError} `invalid_archive` if it is not one
 */
export function integer(field: JsonField, least: number): number {
  const value = field.value;
  return Number.isSafeInteger(value) && value as number >= least
    ? value as number
    : reject(field, `a whole number of ${least} or more`);
}

/**
 * Returns whether the field is `true`.
 *
 * @throws {MmsError} `invalid_archive` if it is neither `true` nor `false`
 */
export function flag(field: JsonField): boolean {
  if (typeof field.value !== "boolean") reject(field, "true or false");
  return field.value;
}

/**
 * Returns the elements of a list as fields of their own.
 *
 * @throws {MmsError} `invalid_archive` if it is not a list
 */
export function list(field: JsonField): readonly JsonField[] {
  const { file, where, value } = field;
  if (!Array.isArray(value)) reject(field, "a list");
  return value.map((element, i) => ({
    file,
    where: `${where}[${i}]`,
    value: element,
  }));
}

/**
 * Refuses a field.
 *
 * @throws {MmsError} `invalid_archive`, always
 */
export function reject(field: JsonField, right: string): never {
  const found = field.value === undefined
    ? "missing"
    : shorten(JSON.stringify(field.value));
  throw new MmsError(
    "invalid_archive",
    `Cannot read "${field.file}": ${
      field.where || "it"
    } is ${found}, ${right} would be right`,
  );
}

function shorten(json: string): string {
  const MOST = 60;
  return json.length <= MOST ? json : `${json.slice(0, MOST)}…`;
}
