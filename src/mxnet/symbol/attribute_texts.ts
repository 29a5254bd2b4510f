const MAX_LIST_CHARACTERS = 1 << 16;

/** Returns the whole number that a text is, if it is one. */
export function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d+L?$/.test(text)) return undefined;
  const value = Number(text.replace("L", ""));
  return Number.isSafeInteger(value) ? value : undefined;
}

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?f?$/i;

/** Returns the number that a text is; `inf` and `nan` are numbers too. */
export function parseFloatText(text: string): number | undefined {
  if (FLOAT.test(text)) return Number(text.replace(/f$/i, ""));
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word === null) return undefined;
  if (word[2]!.toLowerCase() === "nan") return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Returns the truth that a text is, if it is one. */
export function parseBool(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : undefined;
}

/** Returns the pairs that a text lists, as in `((1, 2), (3, 4))`. */
export function parsePairs(
  text: string,
): readonly (readonly [number, number])[] | undefined {
  const flat = text.replaceAll(/[()[\]\s]/g, "").replaceAll(/,+/g, ",");
  const numbers = parseList(flat, parseInteger);
  if (numbers === undefined || numbers.length % 2 !== 0) return undefined;
  return Array.from(
    { length: numbers.length / 2 },
    (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!],
  );
}

/** Returns what a text lists, if each item is one. */
export function parseList<T>(
  text: string,
  parse: (text: string) => T | undefined,
): readonly T[] | undefined {
  if (text.length > MAX_LIST_CHARACTERS) return undefined;
  const inner = /^[([](.*)[)\]]$/s.exec(text)?.[1] ?? text;
  if (inner.trim() === "") return [];
  const items = inner.replace(/,\s*$/, "").split(",")
    .map((item) => parse(item.trim()));
  return items.every((item) => item !== undefined) ? items as T[] : undefined;
}
