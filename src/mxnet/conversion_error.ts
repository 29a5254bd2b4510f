import { MmsError } from "../errors.ts";

/**
 * Thrown where a graph is put together; whoever knows the node wraps it into
 * an `MmsError` that names it.
 */
export class ConversionError extends Error {
  override readonly name: string = "ConversionError";
}

/** Thrown where an operator needs an extent that the caller left open. */
export class FreeExtentError extends ConversionError {
  override readonly name = "FreeExtentError";
}

/** Thrown where an extent is needed that other nodes have yet to tell. */
export class UndeterminedError extends ConversionError {
  override readonly name = "UndeterminedError";
}

/** Returns an error about a graph or checkpoint that cannot be used. */
export function invalidModel(
  message: string,
  options?: ErrorOptions,
): MmsError {
  return new MmsError("invalid_model", message, options);
}

const MAX_LISTED = 20;

/** Returns a list for a message, shortened where it grows too long. */
export function listed(items: readonly string[]): string {
  const shown = items.slice(0, MAX_LISTED).join(", ");
  const rest = items.length - MAX_LISTED;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

const MAX_QUOTED = 120;

/** Returns text from outside in quotes, shortened where it grows too long. */
export function quoted(text: string): string {
  return JSON.stringify(
    text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text,
  );
}
