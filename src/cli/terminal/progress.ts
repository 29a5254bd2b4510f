import type { Progress } from "../../archive/mod.ts";
import type { Output } from "./terminal.ts";

/** What takes less than this is over before one could look at a bar, in ms. */
const SHOWN_AFTER = 1000;
/** Time between two drawings, in ms. */
const REDRAWN_AFTER = 100;

const MAX_BAR = 40;
const MIN_BAR = 5;

/** ECMA-48 §8.3.41: erases the line from the cursor on. */
const ERASE_LINE = "\r\x1b[K";

/** How a bar is drawn. */
export interface ProgressOptions {
  /** Returns the time, in ms; `performance.now` unless given. */
  readonly now?: () => number;
}

/**
 * Shows how far something has come, on a terminal, if it takes long. Nothing
 * is left of it in the end.
 */
export class ProgressBar implements Disposable {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #start: number;
  #drawnAt = 0;
  #isShown = false;

  /** Makes a bar for work that begins now. */
  constructor(output: Output, options: ProgressOptions = {}) {
    this.#output = output;
    this.#now = options.now ?? (() => performance.now());
    this.#start = this.#now();
  }

  /** Draws it anew, unless it is too early for that. */
  update(progress: Progress): void {
    if (!this.#output.isTerminal) return;
    const now = this.#now();
    if (now - this.#start < SHOWN_AFTER) return;
    if (this.#isShown && now - this.#drawnAt < REDRAWN_AFTER) return;
    this.#drawnAt = now;
    this.#isShown = true;
    const line = progressLine(progress, this.#output.columns - 1);
    this.#output.write(`\r${line}`);
  }

  /** Takes it away. */
  [Symbol.dispose](): void {
    if (this.#isShown) this.#output.write(ERASE_LINE);
    this.#isShown = false;
  }
}

/** Returns what shows how far something has come, `columns` characters wide. */
export function progressLine(
  { what, done, total }: Progress,
  columns: number,
): string {
  if (total === undefined) return fit(`${what}  ${bytes(done)}`, columns);
  const part = total === 0 ? 1 : Math.min(done / total, 1);
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  const amount = `${bytes(done)} of ${bytes(total)}`;
  const rest = columns - what.length - percent.length - amount.length - 6;
  if (rest < MIN_BAR) return fit(`${what} ${percent}`, columns);
  const bar = barOf(part, Math.min(rest, MAX_BAR));
  return fit(`${what}  ${bar}  ${percent}  ${amount}`, columns);
}

/** Returns a bar of `columns` characters, `part` of which are filled. */
export function barOf(part: number, columns: number): string {
  const filled = Math.round(part * columns);
  return "━".repeat(filled) + " ".repeat(columns - filled);
}

function fit(text: string, columns: number): string {
  return text.slice(0, Math.max(columns, 0)).padEnd(columns);
}

function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
