import { MmsError } from "../../errors.ts";
import { oneLine } from "../../log.ts";
import { jsonLine, renderAnswer } from "./predict_answer.ts";
import type { Outcome } from "./predict_batch.ts";
import type { Output, Terminal } from "../terminal/terminal.ts";

/** How outcomes are told. */
export interface ReportOptions {
  /** One line of JSON for each, instead of what people like to read. */
  readonly json: boolean;
  /** Whether each is told under its name. */
  readonly named: boolean;
}

/** Tells what became of one request, and returns whether all is well. */
export async function reportOutcome(
  outcome: Outcome,
  { out, err }: Terminal,
  options: ReportOptions,
): Promise<boolean> {
  let text: string;
  try {
    text = renderOutcome(outcome, out, options);
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    const { name, isRead } = outcome;
    if (options.json) out.write(await errorLine(error));
    const message = isRead
      ? `Cannot predict "${name}": ${error.message}`
      : error.message;
    err.write(`${oneLine(message)}\n`);
    return false;
  }
  out.write(text);
  return true;
}

function renderOutcome(
  { name, result }: Outcome,
  out: Output,
  { json, named }: ReportOptions,
): string {
  if (result.status === "rejected") throw result.reason;
  const line = jsonLine(result.value);
  if (json) return `${out.isTerminal ? oneLine(line) : line}\n`;
  const heading = named ? `${oneLine(name)}\n` : "";
  return heading + renderAnswer(line, out);
}

/** The body with which HTTP would answer, as one line. */
async function errorLine(error: MmsError): Promise<string> {
  const { problemBody } = await import(
    import.meta.resolve("../../server/mod.ts")
  ) as typeof import("../../server/mod.ts");
  return `${JSON.stringify({ error: problemBody(error) })}\n`;
}
