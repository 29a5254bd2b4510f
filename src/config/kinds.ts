import {
  type Address,
  type DefaultPorts,
  formatAddress,
  parseAddress,
} from "./address.ts";

/** A kind of value: how it is read, written, and spoken of. */
export interface Kind<T> {
  /** What stands for the value in help, such as `DIR`; empty for a switch. */
  readonly placeholder: string;
  /** What a value must be, to complete the sentence `it must be …`. */
  readonly rule: string;
  /**
   * Returns the value, or `undefined` where the text breaks the rule.
   *
   * @throws {MmsError} `invalid_settings` if there is more to say about it
   */
  parse(text: string): T | undefined;
  /** Writes a value as `parse` reads it. */
  show(value: T): string;
}

/** Returns the kind of any text but none at all. */
export function text(placeholder = "TEXT"): Kind<string> {
  return {
    placeholder,
    rule: "some text",
    parse: (text) => text === "" ? undefined : text,
    show: (value) => value,
  };
}

const TRUE = /^(true|yes|on|1)$/i;
const FALSE = /^(false|no|off|0)$/i;

/** Returns the kind of a switch. */
export function toggle(): Kind<boolean> {
  return {
    placeholder: "",
    rule: "true or false",
    parse: (text) =>
      TRUE.test(text) ? true : FALSE.test(text) ? false : undefined,
    show: String,
  };
}

/** Returns the kind of a whole number of `min` or more. */
export function integer(min: number): Kind<number> {
  return {
    placeholder: "N",
    rule: `a whole number of ${min} or more`,
    parse(text) {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(value) && value >= min ? value : undefined;
    },
    show: String,
  };
}

/** Returns the kind of a duration in seconds of `min` or more, fractions allowed. */
export function seconds(min: number): Kind<number> {
  return {
    placeholder: "SECONDS",
    rule: `a number of seconds of ${min} or more`,
    parse(text) {
      const value = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
      return Number.isFinite(value) && value >= min ? value : undefined;
    },
    show: String,
  };
}

/** Returns the kind that is one of a few words, whatever their case. */
export function choice<const T extends string>(words: readonly T[]): Kind<T> {
  return {
    placeholder: words.join("|"),
    rule: words.join(" or "),
    parse: (text) =>
      words.find((word) => word.toLowerCase() === text.toLowerCase()),
    show: (value) => value,
  };
}

/** Returns the kind of an address to listen on. */
export function address(ports: DefaultPorts): Kind<Address> {
  return {
    placeholder: "ADDRESS",
    rule: "http://host:port, https://host:port or unix:/path",
    parse: (text) => parseAddress(text, ports),
    show: formatAddress,
  };
}

/** Returns the kind of a regular expression that has to match as a whole. */
export function pattern(): Kind<RegExp> {
  return {
    placeholder: "REGEX",
    rule: "a regular expression",
    parse: (text) => wholeMatch(text),
    show: (value) => value.source.slice("^(?:".length, -")$".length),
  };
}

function wholeMatch(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, "u");
  } catch {
    // The caller says what is wrong, with the setting's name.
    return undefined;
  }
}
