import { systemError } from "../../errors.ts";

/** One stream that text is written to. */
export interface Output {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Whether colours may be used. */
  readonly color: boolean;
  /** How many characters fit on a line; 80 where nobody knows. */
  readonly columns: number;
  /** Writes all of `text` before it returns. */
  write(text: string): void;
}

/** What a command talks to. */
export interface Terminal {
  /** Results, and nothing else. */
  readonly out: Output;
  /** Progress, warnings and errors. */
  readonly err: Output;
  /** Aborts when the user interrupts the command. */
  readonly signal: AbortSignal;
}

const DEFAULT_COLUMNS = 80;

/** Narrower than this nothing can be read. */
const LEAST_COLUMNS = 20;

/** Returns the terminal of this process. */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    out: streamOutput(Deno.stdout, "Cannot write the results"),
    err: streamOutput(Deno.stderr, "Cannot write messages"),
    signal,
  };
}

/** One of the two streams of a process. */
type Stream = typeof Deno.stdout;

function streamOutput(stream: Stream, failure: string): Output {
  const isTerminal = stream.isTerminal();
  const encoder = new TextEncoder();
  return {
    isTerminal,
    color: isTerminal && !Deno.env.get("NO_COLOR") &&
      Deno.env.get("TERM") !== "dumb",
    get columns() {
      // A pseudo terminal that nobody has given a size says 0.
      const { columns } = isTerminal ? Deno.consoleSize() : NO_SIZE;
      return columns || statedColumns() || DEFAULT_COLUMNS;
    },
    write: (text) => {
      try {
        writeAll(stream, encoder.encode(text));
      } catch (error) {
        throw asFailure(error, failure);
      }
    },
  };
}

const NO_SIZE = { columns: 0 };

/** Where there is no terminal, as in a pipe, a variable may tell of one. */
function statedColumns(): number {
  const columns = Number(Deno.env.get("COLUMNS"));
  return Number.isInteger(columns) && columns >= LEAST_COLUMNS ? columns : 0;
}

/** That nobody reads any more is no failure, and told apart by its class. */
function asFailure(error: unknown, failure: string): unknown {
  return error instanceof Deno.errors.BrokenPipe
    ? error
    : systemError(failure, error);
}

function writeAll(stream: Stream, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
