import { MmsError } from "../errors.ts";
import { oneLine } from "../log.ts";
import { jsonLine, renderAnswer } from "./predict_answer.ts";
import type { Outcome } from "./predict_batch.ts";
import type { Terminal } from "./terminal.ts";

/** How outcomes are told. */
export interface ReportOptions {
  /** One line of JSON for each, instead of what people like to read. */
  readonly json: boolean;
  /** Whether each is told under its name. */
  readonly named: boolean;
}

/** Tells what became of one request, and returns whether all is well. */
export async function reportOutcome(
  { name, isRead, result }: Outcome,
  terminal: Terminal,
  { json, named }: ReportOptions,
): Promise<boolean> {
  const { out, err } = terminal;
  try {
    if (result.status === "rejected") throw result.reason;
    const line = jsonLine(result.value);
    const heading = named ? `${oneLine(name)}\n` : "";
    const shown = out.isTerminal ? oneLine(line) : line;
    out.write(json ? `${shown}\n` : heading + renderAnswer(line, out));
    return true;
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    if (json) out.write(await errorLine(error));
    const message = isRead
      ? `Cannot predict "${name}": ${error.message}`
      : error.message;
    err.write(`${oneLine(message)}\n`);
    return false;
  }
}

/** The body with which HTTP would answer, as one line. */
async function errorLine(error: MmsError): Promise<string> {
  const { problemBody } = await import("../server/mod.ts");
  return `${JSON.stringify({ error: problemBody(error) })}\n`;
}
