import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { DownloadError } from "../download/download_error.ts";
import { ManifestError } from "../model/locate_manifest.ts";

/**
 * Puts what went wrong into the words that clients of the original server look
 * for; what these leave out goes to the log.
 */
export function inOriginalWords(error: unknown, reference: string): unknown {
  const message = originalMessage(error, reference);
  if (!(error instanceof MmsError) || message === undefined) return error;
  logger("archive").warn(messageOf(error));
  return new MmsError(error.code, message, { cause: error });
}

function originalMessage(
  error: unknown,
  reference: string,
): string | undefined {
  if (error instanceof DownloadError) {
    const { reason } = error;
    if (reason.kind === "timeout") {
      return `Download model timeout: ${reference}`;
    }
    const code = reason.kind === "status" ? `, code: ${reason.status}` : "";
    return `Failed to download model from: ${reference}${code}`;
  }
  if (error instanceof ManifestError) {
    return `Failed to parse signature.json. ${error.message}`;
  }
  const isDisk = error instanceof MmsError && error.code === "io_failed";
  return isDisk ? `Failed to save model: ${reference}` : undefined;
}
