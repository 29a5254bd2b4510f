import { type ErrorCode, MmsError } from "../errors.ts";
import { visible } from "../log.ts";
import { bugReport, EXIT_BUG } from "./bug.ts";
import { CommanderError } from "./command.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The command did what it was asked for. */
export const EXIT_OK = 0;
/** The command could not, for a reason that it has told. */
export const EXIT_FAILURE = 1;
/** The command line breaks the rules. */
export const EXIT_USAGE = 2;
/** The user interrupted; 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  bad_request: EXIT_FAILURE,
  usage: EXIT_USAGE,
  invalid_settings: EXIT_FAILURE,
  invalid_archive: EXIT_FAILURE,
  invalid_model: EXIT_FAILURE,
  download_failed: EXIT_FAILURE,
  model_not_found: EXIT_FAILURE,
  resource_not_found: EXIT_FAILURE,
  method_not_allowed: EXIT_FAILURE,
  unauthorized: EXIT_FAILURE,
  forbidden: EXIT_FAILURE,
  conflict: EXIT_FAILURE,
  request_too_large: EXIT_FAILURE,
  response_too_large: EXIT_FAILURE,
  request_timeout: EXIT_FAILURE,
  prediction_timeout: EXIT_FAILURE,
  service_unavailable: EXIT_FAILURE,
  prediction_failed: EXIT_FAILURE,
  worker_died: EXIT_FAILURE,
  load_failed: EXIT_FAILURE,
  out_of_memory: EXIT_FAILURE,
  io_failed: EXIT_FAILURE,
  aborted: EXIT_INTERRUPTED,
};

/** Ends a command that has told already what went wrong. */
export class Exit extends Error {
  /** The process's exit code. */
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Tells the user what was thrown, and returns the exit code for it. */
export function report(thrown: unknown, terminal: Terminal): number {
  if (thrown instanceof Exit) return thrown.exitCode;
  // Commander has written its message, or the help, by itself.
  if (thrown instanceof CommanderError) {
    return thrown.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  }
  // Whoever read our output, such as `head`, has had enough.
  if (thrown instanceof Deno.errors.BrokenPipe) return EXIT_OK;
  if (thrown instanceof MmsError) {
    if (thrown.code !== "aborted") tell(`${thrown.message}\n`, terminal);
    return EXIT_CODES[thrown.code];
  }
  tell(bugReport(thrown), terminal);
  return EXIT_BUG;
}

/** Says it to whoever still reads: what went wrong counts without readers, too. */
function tell(message: string, { err }: Terminal): void {
  try {
    err.write(visible(message));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
