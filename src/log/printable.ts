/** More of one message is cut off, in UTF-16 code units. */
const MAX_MESSAGE = 1 << 16;

/**
 * What could steer a terminal or pass for something else: control characters
 * but tab and line feed, line separators, and changes of the text's direction.
 */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u2028-\u202e\u2066-\u2069]/gu;

/** Most messages have none of these, which is told in no time. */
const NOT_PLAIN = /[^\x20-\x7e]/;

/**
 * Returns a message that can be written as it is: what cannot be printed is
 * written as `\u{1b}`, and lines after the first are indented, so that none of
 * them can pass for an event of its own.
 */
export function printable(message: string): string {
  if (!NOT_PLAIN.test(message)) return cut(message);
  const text = cut(message).replace(UNPRINTABLE, escaped);
  return text.includes("\n") ? text.replaceAll("\n", "\n  ") : text;
}

/** Returns a message that cannot steer a terminal, and keeps its lines. */
export function visible(message: string): string {
  return NOT_PLAIN.test(message)
    ? message.replace(UNPRINTABLE, escaped)
    : message;
}

/** Returns a message that can be written as it is and is one line. */
export function oneLine(message: string): string {
  if (!NOT_PLAIN.test(message)) return cut(message);
  return cut(message).replace(UNPRINTABLE, escaped).replaceAll("\n", "\\n");
}

function cut(message: string): string {
  return message.length <= MAX_MESSAGE
    ? message
    : `${message.slice(0, MAX_MESSAGE)}… (${
      message.length - MAX_MESSAGE
    } more characters)`;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
