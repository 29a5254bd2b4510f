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
  const { name, isRead } = outcome;
  let told: Told;
  try {
    told = tell(outcome, out, options);
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    told = {
      out: options.json ? await errorLine(error) : "",
      err: isRead
        ? `Cannot predict "${name}": ${error.message}`
        : error.message,
    };
  }
  if (told.out !== "") out.write(told.out);
  if (told.err === undefined) return true;
  err.write(`${oneLine(told.err)}\n`);
  return false;
}

/** What is written of one outcome. */
interface Told {
  readonly out: string;
  /** Why it came to nothing; `undefined` if all is well. */
  readonly err?: string;
}

function tell(
  { name, result }: Outcome,
  out: Output,
  options: ReportOptions,
): Told {
  if (result.status === "rejected") throw result.reason;
  const line = jsonLine(result.value);
  if (result.value.status < 400) {
    return { out: renderLine(line, name, { ...options, out }) };
  }
  return {
    out: options.json ? `{"error":${line}}\n` : "",
    err: `Cannot predict "${name}": ${messageIn(line)}`,
  };
}

function renderLine(
  line: string,
  name: string,
  { json, named, out }: ReportOptions & { readonly out: Output },
): string {
  if (json) return `${out.isTerminal ? oneLine(line) : line}\n`;
  const heading = named ? `${oneLine(name)}\n` : "";
  return heading + renderAnswer(line, out);
}

/** What a service says of a prediction that comes to nothing. */
function messageIn(line: string): string {
  const said: unknown = JSON.parse(line);
  const isProblem = typeof said === "object" && said !== null &&
    "message" in said && typeof said.message === "string";
  if (isProblem) return String(said.message);
  return typeof said === "string" ? said : line;
}

/** The body with which HTTP would answer, as one line. */
async function errorLine(error: MmsError): Promise<string> {
  const { problemBody } = await import(
    import.meta.resolve("../../server/mod.ts")
  ) as typeof import("../../server/mod.ts");
  return `${JSON.stringify({ error: problemBody(error) })}\n`;
}
