import { MmsError } from "../../errors.ts";

/** A value in a JSON file, which knows where it is, so that errors can say it. */
export class JsonPlace {
  readonly #file: string;
  readonly #path: string;
  readonly #value: unknown;

  /** Looks at a value; `path` is empty for all of the file. */
  constructor(file: string, path: string, value: unknown) {
    this.#file = file;
    this.#path = path;
    this.#value = value;
  }

  /** Returns the member of that name, which may be missing. */
  member(name: string): JsonPlace {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.refuse("an object");
    }
    const path = this.#path === "" ? name : `${this.#path}.${name}`;
    const own = Object.getOwnPropertyDescriptor(value, name)?.value;
    return new JsonPlace(this.#file, path, own);
  }

  /** Returns the elements of an array. */
  elements(): readonly JsonPlace[] {
    if (!Array.isArray(this.#value)) this.refuse("an array");
    return this.#value.map((value, i) =>
      new JsonPlace(this.#file, `${this.#path}[${i}]`, value)
    );
  }

  /** Returns some text. */
  text(): string {
    const value = this.#value;
    return typeof value === "string" && value !== ""
      ? value
      : this.refuse("some text");
  }

  /** Returns a whole number of `min` or more. */
  integer(min: number): number {
    const value = this.#value;
    return typeof value === "number" && Number.isSafeInteger(value) &&
        value >= min
      ? value
      : this.refuse(`a whole number of ${min} or more`);
  }

  /** Returns a number of 0 or more. */
  number(): number {
    const value = this.#value;
    return typeof value === "number" && value >= 0
      ? value
      : this.refuse("a number of 0 or more");
  }

  /** Returns one of a few words. */
  word<T extends string>(words: readonly T[]): T {
    return words.find((word) => word === this.#value) ??
      this.refuse(words.join(" or "));
  }

  /** Returns what `read` makes of the value, or nothing where it is missing. */
  optional<T>(read: (place: JsonPlace) => T): T | undefined {
    return this.#value === undefined ? undefined : read(this);
  }

  /**
   * Says what would be right there.
   *
   * @throws {MmsError} `invalid_settings`, always
   */
  refuse(expected: string): never {
    const where = this.#path === "" ? "it" : this.#path;
    const there = this.#value === undefined
      ? "missing"
      : (JSON.stringify(this.#value) ?? "").slice(0, MAX_SHOWN);
    throw new MmsError(
      "invalid_settings",
      `Cannot read "${this.#file}": ${where} is ${there}, ${expected} would be right`,
    );
  }
}

/** UTF-16 code units of a value that a message repeats. */
const MAX_SHOWN = 60;
