import { messageOf } from "../../errors.ts";

/** A place in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text that is not what it should be, and where. */
export class SourceError extends Error {
  /** `undefined` for the text as a whole. */
  readonly position: Position | undefined;

  /** Makes an error whose message says what is wrong, without its place. */
  constructor(message: string, position?: Position, options?: ErrorOptions) {
    super(message, options);
    this.name = "SourceError";
    this.position = position;
  }

  /** Returns what a parser threw, with its place. */
  static from(thrown: unknown): SourceError {
    const message = messageOf(thrown)
      .replace(/^Error transforming .*?: /, "")
      .replace(/ \(\d+:\d+\)$/, "");
    return new SourceError(message, positionOf(thrown), { cause: thrown });
  }
}

/** Returns the place that is `offset` UTF-16 code units into a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

/** Lines longer than this are cut where they are shown. */
const MAX_SHOWN = 120;

/** Returns a line as it may be shown within a sentence. */
export function shownLine(text: string, line: number): string {
  const code = (text.split("\n")[line - 1] ?? "").trim();
  return code.length > MAX_SHOWN ? `${code.slice(0, MAX_SHOWN)}…` : code;
}

/** Acorn counts columns from 0, sucrase has no column of its own. */
function positionOf(thrown: unknown): Position | undefined {
  if (typeof thrown !== "object" || thrown === null || !("loc" in thrown)) {
    return undefined;
  }
  const { loc } = thrown;
  if (typeof loc !== "object" || loc === null) return undefined;
  const line = "line" in loc ? Number(loc.line) : NaN;
  const column = "column" in loc ? Number(loc.column) : 0;
  return Number.isInteger(line) ? { line, column: column + 1 } : undefined;
}
