import { ConversionError, quoted } from "../conversion_error.ts";
import { type ElementType, typeOfName } from "../element_type.ts";
import {
  parseBool,
  parseFloatText,
  parseInteger,
  parseList,
  parsePairs,
} from "./attribute_texts.ts";

/**
 * The attributes of one operator, parsed as `dmlc::Parameter` does; a missing
 * one takes the default that the caller states.
 */
export class Attributes {
  readonly #texts: ReadonlyMap<string, string>;

  /** Takes the texts as they stand in the file. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** Returns whether the file states the attribute, other than as `None`. */
  has(name: string): boolean {
    return this.#text(name) !== undefined;
  }

  /** Returns whether the file states the attribute, be it as `None`. */
  mentions(name: string): boolean {
    return this.#texts.has(name);
  }

  /** A whole number. */
  int(name: string, missing: number): number {
    return this.#parse(name, "a whole number", parseInteger) ?? missing;
  }

  /** A whole number that has to be there. */
  requiredInt(name: string): number {
    return this.#require(name, "a whole number", parseInteger);
  }

  /** A whole number, or `undefined` if absent or `None`. */
  optionalInt(name: string): number | undefined {
    return this.#parse(name, "a whole number", parseInteger);
  }

  /** A number; `inf` and `nan` are numbers too. */
  float(name: string, missing: number): number {
    return this.#parse(name, "a number", parseFloatText) ?? missing;
  }

  /** A number that has to be there. */
  requiredFloat(name: string): number {
    return this.#require(name, "a number", parseFloatText);
  }

  /** A number, or `undefined` if absent or `None`. */
  optionalFloat(name: string): number | undefined {
    return this.#parse(name, "a number", parseFloatText);
  }

  /** `True`, `False`, `1` or `0`. */
  bool(name: string, missing: boolean): boolean {
    return this.#parse(name, "True or False", parseBool) ?? missing;
  }

  /** One of some words. */
  choice<T extends string>(
    name: string,
    words: readonly T[],
    missing?: T,
  ): T {
    const what = `one of ${words.join(", ")}`;
    const parse = (text: string) => words.find((word) => word === text);
    const value = this.#parse(name, what, parse) ?? missing;
    return value ?? this.#require(name, what, parse);
  }

  /** Whole numbers: `(3, 3)`, `[3,3]`, `3`; `undefined` if absent or `None`. */
  ints(name: string): readonly number[] | undefined {
    return this.#parse(
      name,
      "a list of whole numbers",
      (text) => parseList(text, parseInteger),
    );
  }

  /** Whole numbers that have to be there. */
  requiredInts(name: string): readonly number[] {
    return this.#require(
      name,
      "a list of whole numbers",
      (text) => parseList(text, parseInteger),
    );
  }

  /** Whole numbers or `None`, each. */
  optionalInts(name: string): readonly (number | undefined)[] {
    const none = Symbol("None");
    const parse = (text: string) => text === "None" ? none : parseInteger(text);
    return this.#parse(
      name,
      "a list of whole numbers or None",
      (text) => parseList(text, parse),
    )?.map((item) => item === none ? undefined : item as number) ?? [];
  }

  /** Numbers, or `undefined` if absent. */
  floats(name: string): readonly number[] | undefined {
    return this.#parse(
      name,
      "a list of numbers",
      (text) => parseList(text, parseFloatText),
    );
  }

  /** Any text. */
  text(name: string, missing: string): string {
    return this.#text(name) ?? missing;
  }

  /** Pairs of whole numbers: `((1, 1), (2, 2))`. */
  requiredPairs(name: string): readonly (readonly [number, number])[] {
    return this.#require(name, "a list of pairs", parsePairs);
  }

  /** An element type by name or flag. */
  type(name: string, missing: ElementType): ElementType {
    return this.#parse(name, "an element type", typeOfName) ?? missing;
  }

  #text(name: string): string | undefined {
    const text = this.#texts.get(name)?.trim();
    return text === "None" ? undefined : text;
  }

  #parse<T>(
    name: string,
    what: string,
    parse: (text: string) => T | undefined,
  ): T | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value !== undefined) return value;
    throw new ConversionError(
      `attribute ${name} is ${quoted(text)}, it would have to be ${what}`,
    );
  }

  #require<T>(
    name: string,
    what: string,
    parse: (text: string) => T | undefined,
  ): T {
    const value = this.#parse(name, what, parse);
    if (value !== undefined) return value;
    throw new ConversionError(`attribute ${name} is missing, it is ${what}`);
  }
}
