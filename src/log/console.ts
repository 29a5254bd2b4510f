import { LineWriter } from "./line_writer.ts";

/** Where people look; a `Terminal`'s `err` is one. */
export interface LogConsole {
  /** Whether colours may be used. */
  readonly color: boolean;
  /** Writes all of the text before it returns. */
  write(text: string): void;
}

/** What takes lines; {@linkcode LineWriter} says what its members do. */
export interface Lines {
  readonly dropped: number;
  append(line: string): void;
  hurry(): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Lines for the console wait so long for others, in ms. */
const CONSOLE_DELAY = 50;

/**
 * Returns what takes lines for the console. Standard error is written in the
 * background, so that a reader who has stopped reading holds up nothing but
 * the lines that are for it; any other console at once.
 */
export function consoleLines(console: LogConsole | "stderr"): Lines {
  return console === "stderr" ? backgroundLines() : new ImmediateLines(console);
}

/** Returns whether standard error is a terminal that may be given colours. */
export function standardErrorColor(): boolean {
  return Deno.stderr.isTerminal() && !Deno.env.get("NO_COLOR");
}

function backgroundLines(): Lines {
  const target = {
    prepare: () => Promise.resolve(),
    write: (bytes: Uint8Array) => Deno.stderr.write(bytes),
    close: () => Promise.resolve(),
  };
  // There is nobody left to tell that the console cannot be written.
  const silent = { onTrouble: () => {}, onRecovery: () => {} };
  return new LineWriter(target, { delay: CONSOLE_DELAY, ...silent });
}

/** Lines that are written before `append` returns. */
class ImmediateLines implements Lines {
  readonly #console: LogConsole;
  #dropped = 0;

  constructor(console: LogConsole) {
    this.#console = console;
  }

  get dropped(): number {
    return this.#dropped;
  }

  append(line: string): void {
    try {
      this.#console.write(`${line}\n`);
    } catch {
      this.#dropped++; // Nobody reads it any more, which must not stop the work.
    }
  }

  hurry(): void {}

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
