/**
 * A terminal that remembers what was written to it.
 *
 * @module
 */

import type { Output, Terminal } from "../../src/cli/mod.ts";

/** A terminal whose output can be read back. */
export interface Recorder extends Terminal {
  /** Everything written to `out` so far. */
  readonly outText: () => string;
  /** Everything written to `err` so far. */
  readonly errText: () => string;
  /** Interrupts the command, as Ctrl-C does. */
  readonly interrupt: () => void;
}

/** How the recorder presents itself. */
export interface RecorderOptions {
  /** Whether both outputs claim to be terminals; `false` unless given. */
  readonly isTerminal?: boolean;
  /** Whether colours may be used; `false` unless given. */
  readonly color?: boolean;
  /** Width in characters; 80 unless given. */
  readonly columns?: number;
}

/** Returns a new recorder. */
export function recorder(options: RecorderOptions = {}): Recorder {
  const controller = new AbortController();
  const [out, outText] = record(options);
  const [err, errText] = record(options);
  return {
    out,
    err,
    outText,
    errText,
    signal: controller.signal,
    interrupt: () => controller.abort(),
  };
}

function record(options: RecorderOptions): [Output, () => string] {
  const { isTerminal = false, color = false, columns = 80 } = options;
  const texts: string[] = [];
  const output = {
    isTerminal,
    color,
    columns,
    write: (text: string) => void texts.push(text),
  };
  return [output, () => texts.join("")];
}
